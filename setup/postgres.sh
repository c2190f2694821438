# shellcheck shell=sh disable=SC2154 # variables are set in ../wangge
# PostgreSQL with PostGIS: found, installed or unpacked. Sourced by ../wangge.
#
# What counts as found is decided in geo/db/cluster_programs.py, for the launcher and the program
# alike; the cluster itself is the program's (geo/db/cluster.py).

# Sets elsewhere when the cluster is to be made outside the data folder.
postgres_found() {
    said=$(WANGGE_LANG=$lang PYTHONPATH=$ROOT "$python" -B -S -P -m geo.db.cluster_programs \
        "$WANGGE_HOME") || {
        [ $? -eq 3 ] || exit 1
        return 1
    }
    elsewhere=$(echo "$said" | sed -n 2p)
}

tell_where_the_database_lies() {
    # Packages were provided in a subshell, whose variables are gone.
    [ -n "${elsewhere+set}" ] || postgres_found || fail postgres_missing
    if [ -n "$elsewhere" ]; then
        say cluster_elsewhere "$WANGGE_HOME" "$elsewhere"
    fi
}

# What no download can mend is said before anything is downloaded.
check_postgres_can_be_had() {
    [ -z "${WANGGE_PG_BIN:-}" ] || fail postgres_chosen_unfit "$WANGGE_PG_BIN"
    has_apt || fail postgres_missing
}

provide_postgres() {
    is_root || update_lists >>"$apt_log" 2>&1
    package=$(postgres_package)
    [ -n "$package" ] || fail postgres_missing
    if is_root; then
        install_postgres "$package"
    else
        unpack_packages postgres "$package"
        link_extension "$WANGGE_HOME/debs/postgres"
    fi
    postgres_found || fail postgres_missing
}

# The newest major that PostGIS is packaged for; but the one the cluster was made by comes first,
# then one whose server is installed already.
postgres_package() {
    made_by=$(cat "$WANGGE_HOME/cluster/data/PG_VERSION" 2>/dev/null || :)
    chosen=
    for major in $(known_packages '^postgresql-[0-9]+-postgis-3$' | tr -cd '0-9\n-' |
        cut -d - -f 2 | sort -n); do
        [ "$major" -ge 15 ] || continue
        chosen=$major
        if [ "$major" = "$made_by" ]; then break; fi
        if [ -z "$made_by" ] && [ -x "/usr/lib/postgresql/$major/bin/postgres" ]; then break; fi
    done
    [ -z "$chosen" ] || echo "postgresql-$chosen-postgis-3"
}

# Debian's package makes a cluster of its own on port 5432 unless told not to. The word is taken
# back afterwards; clusters that exist are never touched.
install_postgres() { # package
    settings=/etc/postgresql-common/createcluster.d
    mkdir -p "$settings"
    echo 'create_main_cluster = false' >"$settings/wangge.conf"
    status=0
    (install_packages "$1") || status=$?
    rm -f "$settings/wangge.conf"
    [ "$status" -eq 0 ] || exit "$status"
}

# An installed package gets this link from update-alternatives.
link_extension() { # folder
    for control in "$1"/usr/share/postgresql/*/extension/postgis-3.control; do
        [ ! -f "$control" ] || ln -sf postgis-3.control "${control%-3.control}.control"
    done
}
