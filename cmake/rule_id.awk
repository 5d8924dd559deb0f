# rules.tsv -> enum zm_rule_id, one constant a row in file order: ADR-001 becomes ZM_ADR_001.
BEGIN { FS = "\t"; print "/* Made from geo/tables/rules.tsv. */\n#pragma once\n\nenum zm_rule_id {" }
/^#/ || /^id\t/ || NF < 2 { next }
{ id = $1; gsub("-", "_", id); printf "    ZM_%s,\n", id }
END { print "    ZM_N_RULES,\n};" }
