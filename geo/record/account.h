/* The row account of one source. rows_in = accepted + merged + rejected + quarantined, or the run fails. */
#pragma once

#include "geo/record/batch.h"

struct zm_account {
    uint64_t rows_in, accepted, merged;
    uint64_t rejected[ZM_N_REASONS], quarantined[ZM_N_REASONS];
    uint64_t personal_columns, personal_values; /* dropped where they entered; only counted */
};

void zm_account_add(struct zm_account *sum, const struct zm_account *part);
uint64_t zm_account_rejected(const struct zm_account *a);
uint64_t zm_account_quarantined(const struct zm_account *a);
bool zm_account_balances(const struct zm_account *a);
