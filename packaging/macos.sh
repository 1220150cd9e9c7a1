#!/usr/bin/env bash
# On macOS: dist/MigDesk.app and dist/MigDesk.dmg. Not signed; see `codesign --help`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

make setup
.venv/bin/python packaging/make_icon.py build/migdesk.png
.venv/bin/python -m PyInstaller --noconfirm --clean \
    --distpath dist --workpath build/pyinstaller packaging/migdesk.spec
hdiutil create -volname MigDesk -srcfolder dist/MigDesk.app -ov -format UDZO dist/MigDesk.dmg
