#!/usr/bin/env bash
# Installs the Debian package into a fresh Debian 12, runs it there as its user would, purges it, and looks at what is left:
#   sudo tests/packaging/clean_install.sh build/release/yarbus_0.1.0-1_amd64.deb
# Takes some minutes, 2 GB below $TMPDIR and a mirror of Debian. Ends with 0 if all is well; else the failed step is the last
# one named. See docs/packaging.md.
#
# Variables: MIRROR     a mirror of Debian (default: http://deb.debian.org/debian)
#            ROOT       where to make the system and leave it, so that a second run takes a minute (default: made and removed)
#            SCREENSHOT a picture to write of the window in Xvfb (needs xvfb and imagemagick)
set -euo pipefail

usage() { sed -n '2,/^set/{s/^# \?//p}' "${BASH_SOURCE[0]}" >&2; exit 2; }
[[ $# -eq 1 && -f $1 ]] || usage
package=$(realpath "$1")
[[ $EUID -eq 0 ]] || { echo "Making a system needs root: sudo $0 $1" >&2; exit 1; }
for tool in mmdebstrap unshare chroot; do
  command -v "$tool" > /dev/null || { echo "$tool is missing: apt install mmdebstrap util-linux" >&2; exit 1; }
done
# Mounts and processes of the new system end with this script.
if [[ -z ${YARBUS_CLEAN_INSTALL:-} ]]; then
  exec env YARBUS_CLEAN_INSTALL=1 unshare --mount --pid --fork --kill-child "$0" "$package"
fi

mirror=${MIRROR:-http://deb.debian.org/debian}
root=${ROOT:-$(mktemp -d -t yarbus_clean.XXXXXX)}
x_server=
finish() {
  local code=$?
  [[ -n $x_server ]] && kill "$x_server" 2> /dev/null
  umount --recursive "$root/proc" "$root/dev" "$root/tmp/.X11-unix" 2> /dev/null || true
  if [[ -z ${ROOT:-} ]]; then
    findmnt --noheadings --output TARGET | grep --quiet "$root/" || rm --recursive --force --one-file-system "$root"
  fi
  [[ $code -eq 0 ]] || echo "FAILED (exit code $code)"
}
trap finish EXIT

step() { printf '\n== %s\n' "$*"; }
fail() { echo "$*" >&2; exit 1; }
in_root() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
as_user() { in_root runuser -u anna -- env HOME=/home/anna "$@"; }
# A Debian without a desktop: what a dependency only recommends is not there.
apt() { in_root apt-get --quiet --quiet --yes --no-install-recommends "$@" > "$root/apt.log" 2>&1 || { tail -n 30 "$root/apt.log"; return 1; }; }
# Rows of a table in Anna's home in which a column has something: filled FILE COLUMN
filled() {
  as_user awk -F, -v name="$2" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i; if (!at) exit 3; next }
                                $at != "" { n++ } END { print n + 0 }' "/home/anna/$1"
}

if [[ ! -x $root/usr/bin/apt-get ]]; then
  step "a fresh Debian 12"
  mmdebstrap --quiet --variant=minbase bookworm "$root" "$mirror"
fi
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev" && mount --make-rslave "$root/dev"
cp /etc/resolv.conf "$root/etc/resolv.conf"
echo force-unsafe-io > "$root/etc/dpkg/dpkg.cfg.d/unsafe-io"
printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d" && chmod +x "$root/usr/sbin/policy-rc.d"
in_root id anna > /dev/null 2>&1 || in_root useradd --create-home anna
rm -rf "$root"/home/anna/{*,.config,.local,.cache}

step "apt install"
cp "$package" "$root/tmp/yarbus.deb"
apt update
apt install /tmp/yarbus.deb
in_root dpkg --audit
[[ -z $(in_root dpkg --audit) ]] || fail "dpkg is not content"
in_root sh -c '! ldd /usr/bin/yarbus | grep "not found"' || fail "a library is missing"
in_root dpkg-query --show yarbus opencv-data

step "installed once more, as by an upgrade"
in_root dpkg --install /tmp/yarbus.deb > /dev/null

step "yarbus --version, --help"
as_user yarbus --version
as_user yarbus --help | grep --quiet '^Exit codes:'
for command in track "benchmark webcam" "remote annotate"; do
  # shellcheck disable=SC2086  # two words
  as_user yarbus $command --help > /dev/null
done

step "man yarbus"
apt install man-db
as_user env MANPAGER=cat man yarbus > "$root/tmp/man.txt"
grep --quiet 'yarbus benchmark webcam' "$root/tmp/man.txt" || fail "the manual page is not whole"
wc --lines < "$root/tmp/man.txt"

step "a simulated eye: table, overlay, plot, recorded session"
session=/home/anna/.local/share/yarbus/sessions/first
as_user mkdir --parents "$(dirname "$session")"
as_user sh -c "cd && yarbus track sim:easy --frames 100 --out gaze.csv --overlay over.mp4 --plot gaze.png --record $session"
[[ $(filled gaze.csv frame) -eq 100 ]] || fail "not 100 frames"
[[ $(filled gaze.csv gaze_z) -ge 80 ]] || fail "gaze in $(filled gaze.csv gaze_z) frames only"
as_user sh -c 'cd && test -s over.mp4 && test -s gaze.png'

step "that session: list, report, export"
as_user yarbus sessions list "$(dirname "$session")" | grep first
as_user sh -c "cd && yarbus report $session --pdf report.pdf > /dev/null && yarbus export $session --format csv --out tables"
as_user sh -c 'cd && head -c 5 report.pdf && echo && ls tables'

step "a simulated face before a webcam: what finds faces is installed"
as_user sh -c 'cd && yarbus simulate face-still --size vga --frames 40 --out face && yarbus track face --mode webcam --out face.csv'
[[ $(filled face.csv right_iris_x_px) -ge 30 ]] || fail "irises in $(filled face.csv right_iris_x_px) frames only"

step "the window, without a display"
code=0
as_user env QT_QPA_PLATFORM=offscreen timeout 10 yarbus --open sim:easy || code=$?
[[ $code -eq 124 ]] || fail "the window ended by itself, with $code"

if command -v Xvfb > /dev/null; then
  step "the window, in X"
  for number in {71..99}; do [[ -e /tmp/.X$number-lock ]] || break; done
  Xvfb ":$number" -screen 0 1440x900x24 -nolisten tcp 2> /dev/null &
  x_server=$!
  timeout 20 sh -c "until [ -S /tmp/.X11-unix/X$number ]; do sleep 0.2; done"
  mkdir -p "$root/tmp/.X11-unix"
  mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"
  as_user env DISPLAY=":$number" QT_QPA_PLATFORM=xcb timeout 20 yarbus --open sim:easy > "$root/tmp/window.log" 2>&1 &
  window=$!
  sleep 12
  if [[ -n ${SCREENSHOT:-} ]]; then import -display ":$number" -window root "$SCREENSHOT"; fi
  code=0
  wait "$window" || code=$?
  cat "$root/tmp/window.log"
  [[ $code -eq 124 ]] || fail "the window ended by itself, with $code"
fi

step "apt purge leaves what Anna recorded, and nothing else"
kept() { in_root sh -c 'cd /home/anna && find . -type f | sort | xargs -d "\n" sha256sum'; }
kept > "$root/tmp/before.txt"
grep --quiet '/.local/share/yarbus/sessions/first/' "$root/tmp/before.txt" || fail "nothing was recorded"
apt purge yarbus man-db
kept > "$root/tmp/after.txt"
cmp "$root/tmp/before.txt" "$root/tmp/after.txt" || fail "purging touched the home folder"
left=$(in_root find /usr /etc /var/lib/dpkg/info -iname '*yarbus*')
[[ -z $left ]] || fail "left behind: $left"
in_root find "/home/anna/.local/share/yarbus" -type f
apt autoremove --purge # so that a second run in the same ROOT begins without what the first one needed

printf '\nAll is well.\n'
