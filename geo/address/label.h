/* What a part of an address text is: the labels of the NAACL 2019 annotation guide, plus those our grammar
 * needs. */
#pragma once

enum zm_label {
    ZM_LABEL_PROV,
    ZM_LABEL_CITY,
    ZM_LABEL_DISTRICT,
    ZM_LABEL_DEVZONE,
    ZM_LABEL_TOWN,
    ZM_LABEL_COMMUNITY,
    ZM_LABEL_ROAD,
    ZM_LABEL_SUBROAD,
    ZM_LABEL_ROADNO,
    ZM_LABEL_SUBROADNO,
    ZM_LABEL_POI,
    ZM_LABEL_SUBPOI,
    ZM_LABEL_HOUSENO,
    ZM_LABEL_CELLNO,
    ZM_LABEL_FLOORNO,
    ZM_LABEL_ROOMNO,
    ZM_LABEL_PERSON,
    ZM_LABEL_ASSIST,
    ZM_LABEL_REDUNDANT,
    ZM_LABEL_OTHERINFO,
    ZM_N_LABELS
};
const char *zm_label_name(enum zm_label label); /* "prov" "devzone" "roadno": lower case, as `parse` prints */
