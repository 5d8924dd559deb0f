#!/usr/bin/python3
"""Makes docs/rules.md from geo/tables/rules.tsv and geo/tables/examples.tsv.

Run in the root of the checkout:  tests/support/make_rules_doc.py > docs/rules.md
tests/golden/docs_rules.test fails when the page is not what this script makes of the tables.
"""
import pathlib
import sys

FAMILIES = {
    "ADR": "standard addresses",
    "DPL": "doorplates",
    "BND": "boundaries",
    "PNM": "place names",
    "SVY": "surveys of small towns and villages",
    "CRD": "coordinates and output",
    "IMP": "deliveries",
    "SRV": "field surveys",
    "SYN": "sync",
}

HEAD = """# The rule catalogue

Made from `geo/tables/rules.tsv` and `geo/tables/examples.tsv` by `tests/support/make_rules_doc.py`; do not edit this page.
`zhengming rules` prints the same list, `zhengming rules ADR-004` one rule with its examples.

**Built** rules are judged by this version; the others stand here so that ids, severities and texts are settled before the
code is. A row-local *error* keeps its row out of the publication until it is solved, an error of a whole source keeps the
source out; *warning* and *info* stop nothing. A rule marked **corrects** changes the program's reading of the value and keeps
the finding as history, not as work. Rows that share a cause are one finding with a count where the rule says *per cause*.
Severity and threshold are changed in `job.ini`, for all or for one county:

```
[rule.ADR-009]
threshold = 300
[rule.ADR-009@330383]
severity = warning
```

In a message `{0}`, `{1}` are places for what was found, and a part in `[ ]` is left out when its place is empty.
"""


def read(path):
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    return [dict(zip(rows[0], row)) for row in rows[1:]]


def cell(text):
    return text.replace("|", "\\|").replace("*", "\\*").replace("[", "\\[").replace("]", "\\]")


def shown(text):
    """Characters no reader could see, by their code points."""
    return "".join(f"<U+{ord(c):04X}>" if "\ue000" <= c <= "\uf8ff" or c == "\u3000" else c for c in text)


def threshold(rule):
    return f"{rule['threshold']} {rule['unit']}".strip()


def family_table(rules):
    yield "| rule | 名称 | title | severity | scope | threshold | built |"
    yield "|---|---|---|---|---|---|---|"
    for r in rules:
        severity = r["severity"] + (", corrects" if r["fix"] == "1" else "")
        scope = r["scope"] + (", per cause" if r["per"] == "cause" else "")
        built = "yes" if r["built"] == "1" else ""
        yield f"| {r['id']} | {r['title_zh']} | {r['title_en']} | {severity} | {scope} | {threshold(r)} | {built} |"


def rule_section(rule, examples):
    yield f"### {rule['id']} {rule['title_zh']} · {rule['title_en']}"
    yield ""
    yield cell(rule["condition_en"])
    yield ""
    yield f"- message: {cell(rule['message_zh'])}"
    yield f"- next step: {rule['suggestion_zh']}"
    yield f"- basis: {rule['source']}"
    for e in examples:
        yield f"- {e['verdict']}: `{shown(e['fields'])}` ({e['note_zh']})"
    yield ""


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    rules = read(root / "geo/tables/rules.tsv")
    examples = read(root / "geo/tables/examples.tsv")
    out = [HEAD]
    for family, title in FAMILIES.items():
        of_family = [r for r in rules if r["id"].startswith(family)]
        out += [f"## {family}: {title}", "", *family_table(of_family), ""]
        for rule in of_family:
            out += rule_section(rule, [e for e in examples if e["rule"] == rule["id"]])
    sys.stdout.write("\n".join(out).rstrip() + "\n")


if __name__ == "__main__":
    main()
