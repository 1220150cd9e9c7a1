#!/usr/bin/env bash
# Install the system packages that are missing: Qt's libraries and, with the word
# "package", the tools that build and try a package. As root through apt-get;
# otherwise it prints the one line to type. Does nothing when all is there.
set -euo pipefail

# What to look for, and the Debian package that brings it.
libraries="
libEGL.so.1 libegl1
libGL.so.1 libgl1
libX11.so.6 libx11-6
libX11-xcb.so.1 libx11-xcb1
libxcb-cursor.so.0 libxcb-cursor0
libxcb-icccm.so.4 libxcb-icccm4
libxcb-image.so.0 libxcb-image0
libxcb-keysyms.so.1 libxcb-keysyms1
libxcb-randr.so.0 libxcb-randr0
libxcb-render.so.0 libxcb-render0
libxcb-render-util.so.0 libxcb-render-util0
libxcb-shape.so.0 libxcb-shape0
libxcb-shm.so.0 libxcb-shm0
libxcb-sync.so.1 libxcb-sync1
libxcb-xfixes.so.0 libxcb-xfixes0
libxcb-xkb.so.1 libxcb-xkb1
libxkbcommon.so.0 libxkbcommon0
libxkbcommon-x11.so.0 libxkbcommon-x11-0
libdbus-1.so.3 libdbus-1-3
libfontconfig.so.1 libfontconfig1
libfreetype.so.6 libfreetype6
libglib-2.0.so.0 libglib2.0-0
libgssapi_krb5.so.2 libgssapi-krb5-2
"
tools="
dpkg-deb dpkg
objdump binutils
Xvfb xvfb
xwininfo x11-utils
"

[ "$(uname -s)" = Linux ] || exit 0

missing=()
known=$(/sbin/ldconfig -p 2>/dev/null || true)
while read -r library package; do
    [ -z "$library" ] || [[ $known == *"$library "* ]] || missing+=("$package")
done <<<"$libraries"

if [ "${1:-}" = package ]; then
    while read -r tool package; do
        [ -z "$tool" ] || command -v "$tool" >/dev/null || missing+=("$package")
    done <<<"$tools"
fi

# Debian ships Python without the part that makes virtual environments.
if [ ! -x .venv/bin/python ]; then
    python=$(bash packaging/python.sh)
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        missing+=("python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv")
fi

[ ${#missing[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null; then
    echo "MigDesk: install what your system calls: ${missing[*]}" >&2
    exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "MigDesk needs some system packages. Type: sudo apt-get install -y ${missing[*]}" >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null >/dev/null
