#!/usr/bin/env bash
# dateparser takes the German date "12.11." for eleven past twelve, and of a phrase that it half knows, the known half.
#
# Versions: dateparser 1.5.0.
#
# "12.11." (12 November, as it is written in German, Polish or Czech) is read as the time 12:11 of today, also with
# languages=["de"], while "12.11.2025" is the day. "three days before yesterday" is yesterday: the words before it are
# skipped without a word. "Q3 2025" is the present day of the month, in July. None of them raises or gives None, so a
# day that a person typed becomes another one.
#
# Seen (asked on 15 January 2026, 09:00):
#   12.11.                       2026-01-15 12:11
#   12.11. (de)                  2026-01-15 12:11
#   12.11.2025 (de)              2025-11-12 00:00
#   three days before yesterday  2026-01-14 09:00
#   Q3 2025                      2025-07-15 00:00
#
# Source: https://dateparser.readthedocs.io/en/latest/ (parsing "in almost any string format"; nothing of either).
#
# Hurts: forms and bots in which people type "since 12.11.".

set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check dateparser==1.5.0

"$folder/venv/bin/python" - <<'PYTHON'
import sys
from datetime import datetime

import dateparser

ASKED = {"RELATIVE_BASE": datetime(2026, 1, 15, 9, 0)}
SEEN = [
    ("12.11.", None, "2026-01-15 12:11"),
    ("12.11.", ["de"], "2026-01-15 12:11"),
    ("12.11.2025", ["de"], "2025-11-12 00:00"),
    ("three days before yesterday", None, "2026-01-14 09:00"),
    ("Q3 2025", None, "2025-07-15 00:00"),
]

changed = False
for text, languages, expected in SEEN:
    found = dateparser.parse(text, languages=languages, settings=ASKED)
    shown = f"{found:%Y-%m-%d %H:%M}" if found else "None"
    print(f"{text + (' (de)' if languages else ''):<29}{shown}")
    changed |= shown != expected
sys.exit(changed)
PYTHON
