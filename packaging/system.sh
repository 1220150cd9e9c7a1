#!/usr/bin/env bash
# Install the system packages that are missing: Qt's libraries; with the word "package",
# the tools that build and try a package; with "conformance", a Java compiler and node;
# with "servers", the servers that the transports of the exchange are tried on. As root
# through apt-get; otherwise it prints the one line to type. Does nothing when all is there.
set -euo pipefail

# What to look for, and the Debian package that brings it; libraries.txt likewise.
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
    [[ $known == *"$library "* ]] || missing+=("$package")
done <packaging/libraries.txt

if [ "${1:-}" = package ]; then
    while read -r tool package; do
        [ -z "$tool" ] || command -v "$tool" >/dev/null || missing+=("$package")
    done <<<"$tools"
fi

if [ "${1:-}" = conformance ]; then
    command -v javac >/dev/null || missing+=(default-jdk-headless)
    command -v node >/dev/null || missing+=(nodejs)
    command -v npm >/dev/null || missing+=(npm)
fi

if [ "${1:-}" = servers ]; then
    [ -x /usr/sbin/sshd ] || missing+=(openssh-server)
    [ -x /usr/sbin/apache2 ] || missing+=(apache2 apache2-utils)
    [ -x /usr/sbin/smbd ] || missing+=(samba)
    ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || missing+=(postgresql)
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
