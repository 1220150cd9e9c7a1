#!/usr/bin/env bash
# Build dist/migdesk (PyInstaller) and from it dist/migdesk_VERSION_ARCHITECTURE.deb.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

version=$(sed -n 's/^__version__ = "\(.*\)"/\1/p' migdesk/__init__.py)
architecture=$(dpkg --print-architecture)
stage=build/deb
rm -rf "$stage" dist/migdesk

.venv/bin/python -m PyInstaller --noconfirm --clean --log-level WARN \
    --distpath dist --workpath build/pyinstaller packaging/migdesk.spec

install -d "$stage"/{DEBIAN,usr/lib,usr/bin,usr/share/doc/migdesk}
cp -a dist/migdesk "$stage/usr/lib/migdesk"
ln -s ../lib/migdesk/migdesk "$stage/usr/bin/migdesk"
install -Dm644 packaging/systemd/migdesk-hub.service \
  "$stage/usr/lib/systemd/system/migdesk-hub.service"
install -Dm644 packaging/migdesk.desktop "$stage/usr/share/applications/migdesk.desktop"
install -Dm644 resources/icons/migdesk.svg \
    "$stage/usr/share/icons/hicolor/scalable/apps/migdesk.svg"
gzip -9nc CHANGELOG.md >"$stage/usr/share/doc/migdesk/changelog.gz"
cat >"$stage/usr/share/doc/migdesk/copyright" <<'END'
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

Files: *
Copyright: The MigDesk authors
License: GPL-3.0+
 On Debian systems the full text is in /usr/share/common-licenses/GPL-3.
END
chmod -R u=rwX,go=rX "$stage"

# Since 2024 some distributions name the library of GLib after 64-bit time.
libraries=$(cut -d' ' -f2 packaging/libraries.txt | sort -u |
    sed 's/^libglib2.0-0$/libglib2.0-0 | libglib2.0-0t64/' | paste -sd, | sed 's/,/, /g')
cat >"$stage/DEBIAN/control" <<END
Package: migdesk
Version: $version
Architecture: $architecture
Maintainer: The MigDesk authors <migdesk@localhost>
Installed-Size: $(du -sk "$stage/usr" | cut -f1)
Depends: libc6 (>= $(getconf GNU_LIBC_VERSION | cut -d' ' -f2)), $libraries
Section: misc
Priority: optional
Description: offline desktop program for offices that help migrants
 Keeps people, visits, cases and project dossiers, encrypted on the computer; fills
 questionnaires, prints, and exchanges with other offices by files, with no server.
END
dpkg-deb --root-owner-group --build "$stage" \
    "dist/migdesk_${version}_${architecture}.deb" >/dev/null
echo "dist/migdesk_${version}_${architecture}.deb"
