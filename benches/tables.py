#!/usr/bin/env python3
"""How long a million rows of tables take to come into a case, beside the same data as lines of
FollowTheMoney, and how much memory they need.

    benches/tables.py PROGRAM [ROWS] [FOLDER]

Writes invented tables (FICTIONAL – TRAINING) into a folder, by default one that is removed again,
and imports each into a new case: companies as lines, the same companies as CSV, and relationships
as CSV, whose names are keys over the whole file. A table may take three times as long as the lines.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LIMIT = 3.0


def day(at):
    return f"{1990 + at % 30}-{1 + at % 12:02}-{1 + at % 28:02}"


def write(folder, rows):
    with open(folder / "companies.csv", "w") as table, open(folder / "companies.ndjson", "w") as lines:
        table.write("Company name,Registration number,Jurisdiction,Incorporation date,Status,Address\n")
        for at in range(rows):
            name, number, place = f"Fiction {at:07} Ltd", f"F{at:08}", f"{at} Invented Row, London"
            table.write(f'{name},{number},GB,{day(at)},Active,"{place}"\n')
            lines.write(json.dumps({
                "id": hashlib.sha1(name.encode()).hexdigest(), "schema": "Company",
                "properties": {"name": [name], "registrationNumber": [number],
                               "jurisdiction": ["gb"], "incorporationDate": [day(at)],
                               "status": ["Active"], "address": [place]}}) + "\n")
    with open(folder / "owners.csv", "w") as table:
        table.write("Owner,Owned company,Share %,Since\n")
        for at in range(rows):
            owner = at % max(1, rows * 2 // 5)
            table.write(f"Fiction {owner:07} Holding Ltd,Fiction {at:07} Ltd,{1 + at % 100},{day(at)}\n")


def timed(program, folder, name):
    """Seconds and peak memory in MB of one import."""
    case = folder / "bench.redthread"
    case.unlink(missing_ok=True)
    home = os.environ | {"XDG_DATA_HOME": str(folder / "home")}
    subprocess.run([program, "new", case], env=home, check=True, capture_output=True)
    start = time.perf_counter()
    child = subprocess.Popen([program, "import", case, folder / name], env=home,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    took = time.perf_counter() - start
    case.unlink(missing_ok=True)
    if status:
        sys.exit(f"the import of {name} failed")
    return took, used.ru_maxrss / 1024


def main(arguments):
    if not arguments:
        print(__doc__)
        return 2
    rows = int(arguments[1]) if len(arguments) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as own:
        folder = Path(arguments[2] if len(arguments) > 2 else own)
        write(folder, rows)
        took = {}
        for name in ("companies.ndjson", "companies.csv", "owners.csv"):
            took[name], memory = timed(arguments[0], folder, name)
            print(f"{name:17} {rows} rows {took[name]:7.1f} s {memory:7.0f} MB")
        ratio = took["companies.csv"] / took["companies.ndjson"]
        print(f"companies as a table: {ratio:.2f} times the time of lines (at most {LIMIT})")
        return int(ratio > LIMIT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
