# shellcheck shell=sh disable=SC2154 # variables are set in ../wangge
# Debian and Ubuntu packages: installed by root, unpacked below the data folder by everybody else.
# Sourced by ../wangge.

has_apt() {
    command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null
}

is_root() {
    [ "$(id -u)" -eq 0 ]
}

# As root. Tries what apt knows first; a fresh machine knows nothing and fetches the lists.
install_packages() { # packages
    say installing_packages "$*"
    {
        run_apt install "$@" || { update_lists && run_apt install "$@"; }
    } >>"$apt_log" 2>&1 || fail packages_failed "$*" "$(last_line "$apt_log")" "$apt_log"
}

# As an ordinary user. Unpacks beside and renames, so that half of it is never seen.
unpack_packages() { # name of the folder, packages
    folder=$WANGGE_HOME/debs/$1
    archives=$WANGGE_HOME/apt/cache/archives
    shift
    say unpacking_packages "$*"
    {
        update_lists
        rm -rf "$folder" "$folder.new"
        rm -f "$archives"/*.deb
        mkdir -p "$folder.new"
        run_apt --download-only install "$@" && unpack_archives "$folder.new" &&
            mv "$folder.new" "$folder"
    } >>"$apt_log" 2>&1 || fail packages_failed "$*" "$(last_line "$apt_log")" "$apt_log"
    rm -f "$archives"/*.deb
}

unpack_archives() { # folder
    # shellcheck disable=SC2016 # expanded by the inner sh
    find "$archives" -name '*.deb' -print0 |
        xargs -0 -r -n 1 -P 2 sh -c 'dpkg-deb -x "$1" "$0"' "$1"
}

# A source of somebody else's may be broken while Debian's own are fine: the install decides.
update_lists() {
    [ -z "${lists_updated:-}" ] || return 0
    lists_updated=yes
    run_apt update || :
}

known_packages() { # pattern; prints the names of packages there are
    names=$(search_packages "$1")
    if [ -z "$names" ]; then
        update_lists >>"$apt_log" 2>&1
        names=$(search_packages "$1")
    fi
    echo "$names"
}

search_packages() { # pattern
    with_apt apt-cache search --names-only "$1" 2>>"$apt_log" | cut -d ' ' -f 1
}

run_apt() { # arguments
    with_apt apt-get -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 \
        -o Dpkg::Options::=--force-confold --no-install-recommends "$@"
}

# For an ordinary user the same signed packages come by the same apt with its state below the data
# folder, and only what this machine lacks is fetched. apt may know of a server that has no
# PostGIS: its own packages are then fetched beside it.
with_apt() { # apt tool, arguments
    tool=$1
    shift
    if ! is_root; then
        state=$WANGGE_HOME/apt
        mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
        awk 'BEGIN { RS = ""; ORS = "\n\n" } !/^Package: postgresql-/' /var/lib/dpkg/status \
            >"$state/status"
        set -- -o "Dir::State=$state" -o "Dir::State::Lists=$state/lists" \
            -o "Dir::State::status=$state/status" -o "Dir::Cache=$state/cache" \
            -o "Dir::Log=$state" -o Debug::NoLocking=1 -o Acquire::Languages=none "$@"
    fi
    DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$tool" -q "$@" </dev/null
}
