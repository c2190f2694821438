#!/bin/sh
# Sets Wangge up on bare Debian 12 systems, as root and as an ordinary user, and tells the times.
#
#   tests/setup/chroot.sh [root|user|closed|test]…      default: root user closed
#
# root: ./wangge up as root.       closed: the same below root's 0700 home.
# user: as an ordinary user without sudo or package lists.   test: the whole ./wangge test as user.
#
# Needs root, debootstrap and the network. The rooms get this machine's name resolution,
# certificates and pip settings, and the last commit of this checkout. Nothing stays behind but
# the bare system in $TMPDIR/wangge-bare-bookworm, which the next run starts from.
set -eu

here=$(cd "$(dirname "$0")/../.." && pwd -P)
rooms=${TMPDIR:-/tmp}
bare=$rooms/wangge-bare-bookworm
room=$rooms/wangge-room-$$
port=$(python3 -c 'import socket
with socket.create_server(("127.0.0.1", 0)) as free: print(free.getsockname()[1])')

[ "$(id -u)" -eq 0 ] || { echo "chroot.sh needs root" >&2; exit 2; }

# Processes that live in the room; /proc is this machine's, so others show there too.
inhabitants() {
    for entry in /proc/[0-9]*; do
        if [ "$(readlink "$entry/root")" = "$room" ]; then echo "${entry#/proc/}"; fi
    done
}

leave() {
    while [ -n "$(inhabitants)" ]; do
        for pid in $(inhabitants); do kill -KILL "$pid" 2>/dev/null || :; done
        sleep 0.1
    done
    for place in proc dev/shm; do
        if mountpoint -q "$room/$place"; then umount "$room/$place"; fi
    done
    rm -rf --one-file-system "$room"
}
trap leave EXIT
trap 'exit 130' INT TERM

if [ ! -e "$bare/bare" ]; then
    rm -rf --one-file-system "$bare"
    debootstrap --variant=minbase --include=python3,git,ca-certificates bookworm "$bare" >&2
    rm -rf "$bare"/var/lib/apt/lists/* "$bare"/var/cache/apt/archives/*.deb
    touch "$bare/bare"
fi

# The settings that say where packages come from, and no other variable of this shell.
settings() {
    env | sed -n 's/^\(PIP_[A-Z_]*\|SSL_CERT_FILE\|[a-zA-Z]*_proxy\|[A-Z]*_PROXY\)=.*/\1/p' |
        while read -r name; do
            eval "printf '%s=%s\n' \"$name\" \"\$$name\""
        done
}

enter() { # folder of the checkout, account
    cp -a "$bare" "$room"
    mount -t proc proc "$room/proc"
    mkdir -p "$room/dev/shm"
    mount -t tmpfs tmpfs "$room/dev/shm"
    cp -L /etc/resolv.conf /etc/hosts "$room/etc/"
    cp -L /etc/ssl/certs/ca-certificates.crt "$room/etc/ssl/certs/"
    if [ -f /etc/pip.conf ]; then cp /etc/pip.conf "$room/etc/"; fi
    chroot "$room" useradd --create-home lin
    chmod 0700 "$room/root"
    git clone --quiet "$here" "$room$1"
    chroot "$room" chown -R "$2:" "$1"
}

as() { # account, command; nothing of this shell's environment goes along but the settings
    account=$1
    shift
    # shellcheck disable=SC2046 # one word a setting
    chroot "$room" /usr/bin/setpriv --reuid "$account" --regid "$account" --init-groups \
        /usr/bin/env -i "HOME=$(chroot "$room" getent passwd "$account" | cut -d : -f 6)" \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin $(settings) "$@"
}

# Starts ./wangge up, waits for /readyz, looks at the town, stops it as Ctrl-C does.
up() { # what it is called, account, folder
    began=$(date +%s%N)
    as "$2" sh -c "cd '$3' && exec ./wangge up --port $port" &
    server=$!
    until as "$2" python3 -c "
import urllib.request
urllib.request.urlopen('http://127.0.0.1:$port/readyz', timeout=2)" 2>/dev/null; do
        kill -0 "$server" 2>/dev/null || { echo "$1: up ended early" >&2; exit 1; }
        sleep 0.2
    done
    echo "$1: $((($(date +%s%N) - began) / 1000000)) ms to /readyz"
    as "$2" sh -c "cd '$3' && ./wangge check --cell 340603002001 --json" >"$room/check.json" || :
    grep -q 2863 "$room/check.json" || { echo "$1: no town" >&2; exit 1; }
    for pid in $(inhabitants); do
        if grep -q api.cli "/proc/$pid/cmdline"; then kill -INT "$pid"; fi
    done
    wait "$server" || :
    [ -z "$(inhabitants)" ] || { echo "$1: something runs on after Ctrl-C" >&2; exit 1; }
}

try() { # what it is called, account, folder
    enter "$3" "$2"
    up "$1, first" "$2" "$3"
    up "$1, second" "$2" "$3"
    leave
}

for kind in "${@:-all}"; do
    case $kind in root | all) try root root /srv/wangge ;; esac
    case $kind in user | all) try user lin /home/lin/wangge ;; esac
    case $kind in closed | all) try closed root /root/wangge ;; esac
    case $kind in
    test)
        enter /home/lin/wangge lin
        began=$(date +%s)
        as lin sh -c 'cd ~/wangge && ./wangge test'
        echo "test: $(($(date +%s) - began)) s with its set-up"
        leave
        ;;
    esac
done
