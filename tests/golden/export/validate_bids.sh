#!/usr/bin/env bash
# Runs the published BIDS validator (npm, 1.15) over an exported dataset: validate_bids.sh FOLDER
# That version predates _physioevents; files of that name, and nothing else, may be complained about.
set -euo pipefail
dataset="$1"
# What it depends on brings scripts that want to run at its installation; none is needed.
report="$(npm_config_ignore_scripts=true npx --yes bids-validator@1.15 "$dataset" --json || true)"
python3 - "$report" <<'PYTHON'
import json
import sys

issues = json.loads(sys.argv[1])["issues"]
unexpected = []
for error in issues["errors"]:
    for file in error["files"]:
        path = (file.get("file") or {}).get("relativePath", "?") if isinstance(file, dict) else "?"
        line = "%s: %s" % (error["key"], path)
        is_expected = error["key"] == "NOT_INCLUDED" and "_physioevents." in path
        print(("expected:   " if is_expected else "UNEXPECTED: ") + line)
        if not is_expected:
            unexpected.append(line)
for warning in issues["warnings"]:
    print("warning:    %s (%d)" % (warning["key"], len(warning["files"])))
sys.exit(1 if unexpected else 0)
PYTHON
