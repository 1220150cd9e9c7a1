#!/usr/bin/env bash
# Install the .deb, see its window under Xvfb, remove it, and look that nothing stays.
# Without root the package is unpacked into a temporary folder instead.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

deb=$(ls -t dist/migdesk_*.deb | head -n 1)
scratch=$(mktemp -d)
installed= program= screen=

clean_up() {
    local pid
    for pid in $program $screen; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    if [ -n "$installed" ]; then dpkg --purge migdesk >/dev/null; fi
    rm -rf "$scratch"
}
trap clean_up EXIT

if [ "$(id -u)" -eq 0 ]; then
    if dpkg-query -W migdesk >/dev/null 2>&1; then
        echo "migdesk is installed here already; remove it first" >&2
        exit 1
    fi
    installed=yes
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "./$deb" </dev/null >/dev/null
    start=/usr/bin/migdesk
else
    dpkg-deb -x "$deb" "$scratch/root"
    start=$scratch/root/usr/lib/migdesk/migdesk
fi

mkfifo "$scratch/display"
Xvfb -displayfd 3 -screen 0 1366x768x24 -nolisten tcp 3>"$scratch/display" 2>/dev/null &
screen=$!
DISPLAY=:$(head -n 1 "$scratch/display")
export DISPLAY

env -u QT_QPA_PLATFORM "$start" --home "$scratch/home" >"$scratch/log" 2>&1 &
program=$!
for _ in $(seq 120); do
    if xwininfo -root -tree | grep -q '"MigDesk'; then break; fi
    kill -0 "$program" 2>/dev/null || break
    sleep 0.5
done
if ! xwininfo -root -tree | grep -q '"MigDesk'; then
    echo "no window appeared:" >&2
    cat "$scratch/log" >&2
    exit 1
fi
kill "$program"
wait "$program" 2>/dev/null || true
program=

if [ -n "$installed" ]; then
    dpkg --purge migdesk >/dev/null
    installed=
    if [ -e /usr/lib/migdesk ] || [ -e /usr/bin/migdesk ]; then
        echo "files stay after removal" >&2
        exit 1
    fi
fi
echo "$deb installs, starts and goes away"
