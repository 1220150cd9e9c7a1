#!/usr/bin/env bash
# Print the Python to use: $PYTHON, or the first of the usual names that is 3.11 or later.
set -euo pipefail

for name in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        command -v "$name"
        exit 0
    fi
done
echo "MigDesk needs Python 3.11 or later. Type: sudo apt-get install -y python3" >&2
exit 1
