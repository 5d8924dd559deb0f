#include "geo/address/label.h"

const char *zm_label_name(enum zm_label label)
{
    static const char *const names[ZM_N_LABELS] = {
        "prov",    "city",   "district",  "devzone", "town",      "community", "road",
        "subroad", "roadno", "subroadno", "poi",     "subpoi",    "houseno",   "cellno",
        "floorno", "roomno", "person",    "assist",  "redundant", "otherinfo",
    };
    return (unsigned)label < ZM_N_LABELS ? names[label] : "";
}
