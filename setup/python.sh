# shellcheck shell=sh disable=SC2154 # variables are set in ../wangge
# The Python interpreter and the environment of locked packages. Sourced by ../wangge.
#
# No registry is named anywhere: pip's and uv's own settings on this machine decide.

# Sets python. uv's interpreters count when they are installed already; none is downloaded.
find_python() {
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        python=$(command -v "$name") || continue
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && return
    done
    if has_uv; then
        python=$(uv python find --no-python-downloads '>=3.11' 2>/dev/null) && return
    fi
    fail python_missing
}

key_of() { # file; an environment is as old as its lock
    if command -v sha256sum >/dev/null; then
        sha256sum <"$1" | cut -c 1-12
    else
        shasum -a 256 <"$1" | cut -c 1-12
    fi
}

# The stamp is written last, so that an interrupted set-up never passes for a whole one. It names
# the interpreter and the place: an upgraded Python or a moved checkout makes a new environment.
stamp() {
    echo "$environment $(readlink -f "$environment/bin/python" 2>/dev/null)"
}

environment_ready() {
    [ -x "$environment/bin/python" ] && [ -f "$environment/ready" ] &&
        [ "$(cat "$environment/ready")" = "$(stamp)" ]
}

# Gets what pip itself needs. Sets pip_wheel where Debian keeps ensurepip in a package of its own
# that is not installed.
prepare_pip() {
    pip_wheel=
    if "$python" -c 'import ensurepip, venv' 2>/dev/null || find_pip_wheel; then
        return
    fi
    has_apt || fail pip_missing "$python"
    if is_root; then
        install_packages "${python##*/}-venv"
    else
        unpack_packages pip python3-pip-whl
        find_pip_wheel || fail pip_missing "$python"
    fi
}

find_pip_wheel() {
    for pip_wheel in /usr/share/python-wheels/pip-*.whl \
        "$WANGGE_HOME"/debs/pip/usr/share/python-wheels/pip-*.whl; do
        [ -f "$pip_wheel" ] && return
    done
    pip_wheel=
    return 1
}

make_environment() {
    say making_environment
    if ! { has_uv && make_by_uv; }; then
        if has_uv; then
            wait_for_packages # they and pip's would meet in apt
            prepare_pip
        fi
        make_by_pip || fail environment_failed "$(last_line "$pip_log")" "$pip_log"
    fi
    stamp >"$environment/ready"
    prune_environments
}

has_uv() {
    command -v uv >/dev/null
}

make_by_uv() {
    rm -rf "$environment"
    uv venv --quiet --no-python-downloads --python "$python" "$environment" >>"$pip_log" 2>&1 &&
        by_uv "$environment/bin/python" >>"$pip_log" 2>&1 && return
    say uv_failed
    return 1
}

by_uv() { # python
    set -- uv pip install --quiet --compile-bytecode --python "$1" --require-hashes -r "$lock_file"
    [ -z "${WANGGE_WHEELS:-}" ] || set -- "$@" --no-index --find-links "$WANGGE_WHEELS"
    "$@"
}

make_by_pip() {
    rm -rf "$environment"
    if [ -n "$pip_wheel" ]; then
        "$python" -m venv --without-pip "$environment" >>"$pip_log" 2>&1 &&
            by_pip "$environment/bin/python" "$pip_wheel/pip" >>"$pip_log" 2>&1
    else
        "$python" -m venv "$environment" >>"$pip_log" 2>&1 &&
            by_pip "$environment/bin/python" -m pip >>"$pip_log" 2>&1
    fi
}

# A user's own pip settings may name a target elsewhere; only where to fetch from is theirs to say.
by_pip() { # python and pip
    set -- "$@" install --quiet --no-input --disable-pip-version-check \
        --no-warn-script-location --require-hashes -r "$lock_file"
    [ -z "${WANGGE_WHEELS:-}" ] || set -- "$@" --no-index --find-links "$WANGGE_WHEELS"
    env -u PIP_TARGET -u PIP_PREFIX -u PIP_ROOT -u PIP_REQUIRE_VIRTUALENV \
        PIP_USER=0 PIP_ROOT_USER_ACTION=ignore "$@"
}

# Environments of older locks go, unless a process still runs in one or a lock file asks for it.
prune_environments() {
    for old in "$WANGGE_HOME"/venv/*; do
        case $old in
        "$environment" | */"$(key_of "$ROOT/requirements.lock")" | \
            */"$(key_of "$ROOT/requirements-dev.lock")") continue ;;
        esac
        if ! grep -qsF "$old/" /proc/[0-9]*/cmdline; then
            rm -rf "$old"
        fi
    done
}
