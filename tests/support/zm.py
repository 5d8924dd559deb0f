"""What the script tests share: where things are, running the program, reading a publication back."""
import csv
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys

SOURCE = os.environ.get("ZM_SOURCE_DIR") or os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("ZM_BUILD_DIR") or os.path.join(SOURCE, "build")
PROGRAM = os.environ.get("ZM_PROGRAM") or os.path.join(BUILD, "zhengming")
GENERATE = os.path.join(BUILD, "zm-generate")
AS_OF = "2025-06-30"


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(77)


class Checks:
    """Counts what holds and what does not; exit() ends the test with the verdict."""

    def __init__(self):
        self.failed = 0
        self.passed = 0

    def that(self, holds, what, detail=""):
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED: {what}" + (f"\n    {detail}" if detail else ""))
        return bool(holds)

    def exit(self):
        print(f"{self.passed} checks passed, {self.failed} failed")
        sys.exit(1 if self.failed or not self.passed else 0)


def scratch(name):
    """An empty folder of this test in the build tree."""
    path = os.path.join(BUILD, "test-work", name)
    shutil.rmtree(path, ignore_errors=True)
    os.makedirs(path)
    return path


def generate(out, *args):
    subprocess.run([GENERATE, "--out", out, *map(str, args)], check=True)


def run(*args, env=None, timeout=600, cwd=None):
    """Runs the program; returncode, stdout and stderr as text."""
    environment = dict(os.environ, **(env or {}))
    return subprocess.run([PROGRAM, *args], capture_output=True, text=True, errors="replace", env=environment,
                          timeout=timeout, cwd=cwd)


def run_job(folder, *args, **options):
    return run("run", os.path.join(folder, "job.ini"), "--as-of", AS_OF, *args, **options)


def digests(folder):
    """sha256 of every file under a folder, by relative name; empty if it is not there."""
    found = {}
    root = os.path.realpath(folder)
    for parent, _, names in os.walk(root):
        for name in names:
            path = os.path.join(parent, name)
            with open(path, "rb") as f:
                found[os.path.relpath(path, root)] = hashlib.file_digest(f, "sha256").hexdigest()
    return found


def truth(folder):
    """(source, row, rule) of every injected defect; row 0 is the source as a whole."""
    with open(os.path.join(folder, "truth.csv"), encoding="utf-8", newline="") as f:
        return [(r["source"], int(r["row"]), r["rule"]) for r in csv.DictReader(f)]


def findings(current):
    """(source, row) pairs by rule, corrected ones included; and the severity each rule spoke with."""
    pairs, severities = {}, {}
    db = sqlite3.connect(f"file:{os.path.join(current, 'findings.gpkg')}?mode=ro", uri=True)
    for rule, severity, source, row in db.execute("SELECT rule, severity, src, src_row FROM finding"):
        pairs.setdefault(rule, set()).add((source, row or 0))
        severities.setdefault(rule, set()).add(severity)
    for rule, source, row in db.execute(
            "SELECT f.rule, r.src, r.src_row FROM finding_row r JOIN finding f ON f.fid = r.finding"):
        pairs.setdefault(rule, set()).add((source, row or 0))
    for rule, source, row in db.execute("SELECT rule, src, src_row FROM fixed"):
        pairs.setdefault(rule, set()).add((source, row or 0))
        severities.setdefault(rule, set()).add("fixed")
    db.close()
    return pairs, severities


def rule_catalogue():
    """The catalogue as `rules --json` gives it, by id."""
    import json
    answer = run("rules", "--json")
    return {r["id"]: r for r in json.loads(answer.stdout)["rules"]}
