#!/usr/bin/env bash
# Make .venv with the packages of requirements.lock. Safe to run again: a broken or
# unfinished .venv is made anew.
set -euo pipefail

bash packaging/system.sh
if ! .venv/bin/python -c 'import pip' 2>/dev/null; then
    "$(bash packaging/python.sh)" -m venv --clear .venv
fi
.venv/bin/python -m pip install --quiet --disable-pip-version-check \
    --require-virtualenv --requirement requirements.lock
touch .venv/.ready
