#!/usr/bin/python3
"""Span F1 of the parser on labelled addresses.

usage: parse_quality.py [--each] [--errors N] [--min-f1 F] COMMAND... -- FILE.conll...

COMMAND reads one address a line and writes what `zhengming parse --format jsonl` writes. A CoNLL file has one
token (a character or a number) and its tag (BIO or BMES) a line and an empty line behind each address; `# ` lines are comments.
A part counts if its label, begin and end are right. Labels our grammar does not have are left out of the gold.
"""
import collections
import json
import random
import subprocess
import sys

RENAME = {"intersection": "assist", "distance": "assist", "village_group": "road"}
LEFT_OUT = {"country"}


def read_conll(path):
    address = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            line = line.rstrip("\n")
            if line.startswith("# source"):
                continue
            if line:
                fields = line.split()
                address.append((fields[0], fields[-1]) if len(fields) > 1 else (" ", fields[0]))
            elif address:
                yield address
                address = []
    if address:
        yield address


def gold_spans(address):
    spans, begin, label, at = [], 0, None, 0
    for token, tag in address + [("", "O")]:
        starts = tag[0] in "BSO" or tag[2:].lower() != label
        if starts and label:
            spans.append((RENAME.get(label, label), begin, at))
        if starts:
            begin, label = at, (None if tag == "O" else tag[2:].lower())
        at += len(token)
    return {s for s in spans if s[0] not in LEFT_OUT}


def our_spans(answer, text):
    offsets, at = {}, 0
    for i, char in enumerate(text):
        offsets[at] = i
        at += len(char.encode())
    offsets[at] = len(text)
    return {(p["label"], offsets.get(p["begin"], -1), offsets.get(p["end"], -1)) for p in answer["parts"]}


class Score:
    def __init__(self):
        self.right, self.ours, self.gold = (collections.Counter() for _ in range(3))

    def add(self, gold, ours):
        self.right.update(s[0] for s in gold & ours)
        self.ours.update(s[0] for s in ours)
        self.gold.update(s[0] for s in gold)

    @staticmethod
    def f1(right, ours, gold):
        return 2 * right / (ours + gold) if ours + gold else 0.0

    def total(self, leave=()):
        def count(counter):
            return sum(n for label, n in counter.items() if label not in leave)
        return self.f1(count(self.right), count(self.ours), count(self.gold))

    def table(self):
        for label in sorted(self.gold | self.ours, key=lambda x: -self.gold[x]):
            r, o, g = self.right[label], self.ours[label], self.gold[label]
            print(f"  {label:<12} gold {g:5}  ours {o:5}  right {r:5}  F1 {self.f1(r, o, g):.4f}")


def show(text, spans):
    return " ".join(f"{label}={text[b:e]}" for label, b, e in sorted(spans, key=lambda s: s[1]))


def measure(command, path, options):
    addresses = list(read_conll(path))
    texts = ["".join(char for char, _ in a) for a in addresses]
    run = subprocess.run(command, input="".join(t + "\n" for t in texts), stdout=subprocess.PIPE, text=True, check=True)
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    if len(answers) != len(texts):
        sys.exit(f"{path}: {len(texts)} addresses in, {len(answers)} answers out")
    score, wrong = Score(), []
    for address, text, answer in zip(addresses, texts, answers):
        gold, ours = gold_spans(address), our_spans(answer, text)
        score.add(gold, ours)
        if gold != ours:
            wrong.append((text, gold, ours))
    print(f"{path.rsplit('/', 1)[-1]}: {len(texts)} addresses, {len(texts) - len(wrong)} all right, "
          f"F1 {score.total():.4f}, without redundant and otherinfo {score.total(('redundant', 'otherinfo')):.4f}")
    if options["each"]:
        score.table()
    random.seed(options["errors"])
    for text, gold, ours in random.sample(wrong, min(options["errors"], len(wrong))):
        print(f"  gold {show(text, gold)}\n  ours {show(text, ours)}\n")
    return score.total()


def main():
    options, args = {"each": False, "errors": 0, "min": 0.0}, sys.argv[1:]
    while args and args[0].startswith("--") and args[0] != "--":
        name = args.pop(0)
        if name == "--each":
            options["each"] = True
        elif name == "--errors":
            options["errors"] = int(args.pop(0))
        elif name == "--min-f1":
            options["min"] = float(args.pop(0))
        else:
            sys.exit(__doc__)
    if "--" not in args:
        sys.exit(__doc__)
    cut = args.index("--")
    scores = [measure(args[:cut], path, options) for path in args[cut + 1:]]
    sys.exit(0 if min(scores) >= options["min"] else 1)


main()
