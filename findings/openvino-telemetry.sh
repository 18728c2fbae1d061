#!/usr/bin/env bash
# `import openvino` alone sends an event to Google Analytics, unless the user said no before.
#
# Versions: openvino 2026.4.1, openvino-telemetry 2025.2.0.
#
# The package openvino depends on openvino-telemetry and starts it when it is imported (openvino/tools/ovc/__init__.py),
# with `enable_opt_in_dialog=False`: as long as there is no file ~/intel/openvino_telemetry that says otherwise, this is
# taken for consent. The import writes ~/intel and a number of this machine into it, and posts "general_import" from a
# thread, on Linux from a process that the thread forks; each conversion of a model posts more. Only what looks like a CI is left out. Whoever merely runs a model that
# was converted elsewhere is counted, too.
#
# It goes without that package where it cannot be imported: `sys.modules["openvino_telemetry"] = None`, before openvino
# is imported for the first time, is enough, and nothing is written or sent.
#
# Seen:
#   as it comes:      wrote intel; asked for www.google-analytics.com
#   with it missing:  wrote nothing; asked for nothing
#
# Source: https://docs.openvino.ai/2026/about-openvino/additional-resources/telemetry.html tells of data that is
# collected "by default" and how to opt out; not that an import suffices.
#
# Hurts: software that promises to keep to itself, and has openvino among its dependencies' dependencies; and each start
# where the network is slow.

set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check openvino==2026.4.1 openvino-telemetry==2025.2.0

cat >"$folder/importing.py" <<'PYTHON'
import os
import sys
import time
from pathlib import Path

asked = Path(sys.argv[2])


def listen(event, arguments):  # also in the process that is forked in order to send
    if event == "socket.getaddrinfo":
        asked.write_text(arguments[0])
        raise OSError("nothing leaves this machine")


sys.addaudithook(listen)
if sys.argv[1] == "missing":
    sys.modules["openvino_telemetry"] = None
import openvino

time.sleep(2)  # for the thread that sends
wrote = ", ".join(sorted(path.name for path in Path.home().iterdir())) or "nothing"
print(f"wrote {wrote}; asked for {asked.read_text() if asked.exists() else 'nothing'}", flush=True)
os._exit(0)
PYTHON

for how in comes missing; do
    mkdir "$folder/$how"
    said=$(env -i PATH="$PATH" HOME="$folder/$how" "$folder/venv/bin/python" "$folder/importing.py" "$how" "$folder/asked-$how")
    echo "$how: $said"
    case "$how: $said" in
        "comes: wrote intel; asked for www.google-analytics.com" | "missing: wrote nothing; asked for nothing") ;;
        *) echo "NOT as it was"; exit 1 ;;
    esac
done
