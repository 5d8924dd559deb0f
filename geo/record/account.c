#include "geo/record/account.h"

void zm_account_add(struct zm_account *sum, const struct zm_account *part)
{
    sum->rows_in += part->rows_in;
    sum->accepted += part->accepted;
    sum->merged += part->merged;
    for (unsigned r = 0; r < ZM_N_REASONS; r++) {
        sum->rejected[r] += part->rejected[r];
        sum->quarantined[r] += part->quarantined[r];
    }
    sum->personal_columns += part->personal_columns;
    sum->personal_values += part->personal_values;
}

static uint64_t total(const uint64_t counts[ZM_N_REASONS])
{
    uint64_t sum = 0;
    for (unsigned r = 0; r < ZM_N_REASONS; r++)
        sum += counts[r];
    return sum;
}

uint64_t zm_account_rejected(const struct zm_account *a)
{
    return total(a->rejected);
}

uint64_t zm_account_quarantined(const struct zm_account *a)
{
    return total(a->quarantined);
}

bool zm_account_balances(const struct zm_account *a)
{
    return a->rows_in == a->accepted + a->merged + zm_account_rejected(a) + zm_account_quarantined(a);
}
