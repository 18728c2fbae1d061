#!/usr/bin/env bash
# mutmut ends with a KeyError where the tests started a process that ends after them, such as a pool kept for them all.
#
# Versions: mutmut 3.8.1.
#
# By default mutmut runs the tests once in its own process, to see which test comes by which function, and forks that
# process for each mutant. It waits for those forks with os.wait(), which tells of any child of the process that ended,
# and looks the pid up among its own: one that a test left (a worker pool, a server, a process nobody waited for) is not
# there. Nothing names the test; what was found so far is kept, and the next run ends in the same way.
#
# Seen, with a test that starts a process and leaves it to end by itself:
#   Traceback (most recent call last): … in wait_for_result
#     worker = self._running.pop(pid)
#   KeyError: 4711
#
# Source: wait_for_result of ForkRunner in mutmut/workers/isolation.py.
#
# Hurts: projects whose code keeps processes (concurrent.futures, multiprocessing, servers for tests). What helps:
# process_isolation = "forkserver", where the tests run in another process, or tests that start none.

set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check mutmut==3.8.1 pytest==9.2.0

mkdir -p "$folder/project/sums" "$folder/project/tests"
cd "$folder/project"
cat >sums/__init__.py <<'PYTHON'
def added(a, b):
    return a + b
PYTHON

tested() { # the tests, with $1 at their head and a process isolation of $2
    printf '%s\n' "import subprocess" "from sums import added" "$1" "def test_added():" "    assert added(1, 2) == 3" \
        >tests/test_sums.py
    printf '%s\n' "[tool.mutmut]" 'source_paths = ["sums"]' 'pytest_add_cli_args_test_selection = ["tests"]' \
        "process_isolation = \"$2\"" >pyproject.toml
    rm -rf mutants
    "$folder/venv/bin/python" -m mutmut run --max-children 1 2>&1 | tr '\r' '\n' || true
}

LEFT='left = subprocess.Popen(["sleep", "0.1"])'
echo "Without a process of the tests:"
tested "" fork | tee "$folder/without" | tail -n 1
echo "With one:"
tested "$LEFT" fork | tee "$folder/with" | tail -n 1
echo "With one, and a server that forks:"
tested "$LEFT" forkserver | tee "$folder/server" | tail -n 1

! grep -q KeyError "$folder/without" "$folder/server" && grep -q "^KeyError: [0-9]" "$folder/with"
