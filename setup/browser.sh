# shellcheck shell=sh disable=SC2154 # variables are set in ../wangge
# What browser tests need, Chromium, Chinese fonts and a library of Playwright's driver: found,
# installed or unpacked. Sourced by ../wangge.

chosen_browser=${WANGGE_CHROMIUM:-}
# Chromium's engine without the windows around it: a page takes a quarter of the processor time.
light_browser=chromium-headless-shell
system_chromium=/usr/lib/chromium

# Sets WANGGE_CHROMIUM.
browser_found() {
    own=$WANGGE_HOME/debs/browser/chromium
    light=$WANGGE_HOME/debs/light-$(version_of_chromium)/usr/lib/chromium/$light_browser
    driver_library_found || return 1
    if [ -n "$chosen_browser" ]; then
        command -v "$chosen_browser" >/dev/null || fail browser_chosen_unfit "$chosen_browser"
        return 0
    fi
    if system_browser && chinese_font_found; then
        WANGGE_CHROMIUM=$browser
        if [ -x "$light" ]; then WANGGE_CHROMIUM=$light; fi
    elif [ -x "$own" ]; then
        WANGGE_CHROMIUM=$own
    else
        return 1
    fi
}

# Sets browser.
system_browser() {
    for name in "$light_browser" chromium google-chrome google-chrome-stable chromium-browser \
        microsoft-edge; do
        browser=$(command -v "$name") && return
    done
    return 1
}

chinese_font_found() {
    if command -v fc-list >/dev/null; then
        [ -n "$(fc-list ':lang=zh-cn' file)" ]
    else
        [ -n "$(find /usr/share/fonts "${HOME:-/}/.local/share/fonts" \
            -iname '*cjk*' -o -iname '*wqy*' 2>/dev/null | head -n 1)" ]
    fi
}

# Playwright brings its own Node, and that asks the system for libatomic.
driver_library_found() {
    for library in /usr/lib/*-linux-gnu*/libatomic.so.1 /lib/*-linux-gnu*/libatomic.so.1 \
        /usr/lib64/libatomic.so.1 /lib64/libatomic.so.1 \
        "$WANGGE_HOME/debs/browser/driver/libatomic.so.1"; do
        [ ! -e "$library" ] || return 0
    done
    return 1
}

# Ubuntu has Chromium as a snap only; there the fonts come now and the browser in finish_browser.
provide_browser() {
    has_apt || return 0
    is_root || update_lists >>"$apt_log" 2>&1
    set --
    driver_library_found || set -- libatomic1
    if [ -z "$chosen_browser" ] && ! system_browser; then
        package=$(known_packages "^($light_browser|chromium)\$" | sort -r | head -n 1)
        [ -z "$package" ] || set -- "$@" "$package"
    fi
    [ -n "$chosen_browser" ] || chinese_font_found || set -- "$@" fonts-noto-cjk
    [ $# -gt 0 ] || return 0
    if is_root; then
        install_packages "$@"
        return
    fi
    unpack_packages browser "$@"
    folder=$WANGGE_HOME/debs/browser
    mkdir -p "$folder/driver"
    for library in "$folder"/usr/lib/*-linux-gnu*/libatomic.so.1; do
        [ ! -e "$library" ] || ln -sf "../${library#"$folder/"}" "$folder/driver/"
    done
    program=$(find "$folder/usr/lib/chromium" -name "$light_browser" -o -name chromium -type f \
        2>/dev/null | sort -r | head -n 1)
    if [ -n "$program" ]; then
        # shellcheck disable=SC2016 # expanded when the browser is started
        write_browser '"$here/usr/lib/chromium/'"${program##*/}"'"'
    elif system_browser; then
        write_browser "$browser"
    fi
}

# Beside a Chromium of Debian's: the very same version, so that nothing that is there changes. Where
# it cannot be had, the tests take longer in what there is.
provide_light_browser() {
    if [ -n "$chosen_browser" ] || ! has_apt || command -v "$light_browser" >/dev/null; then return; fi
    version=$(version_of_chromium) || return 0
    if is_root; then
        say installing_packages "$light_browser"
        get=install_light_browser
    else
        say unpacking_packages "$light_browser"
        get=unpack_light_browser
    fi
    { "$get" || { update_lists && "$get"; }; } >>"$apt_log" 2>&1 || :
}

version_of_chromium() {
    # shellcheck disable=SC2016 # a format of dpkg-query
    dpkg-query -W -f '${Version}' chromium 2>/dev/null
}

install_light_browser() {
    apt_for_light_browser install --no-remove "$light_browser=$version"
}

# Libraries and resources are those of the system's Chromium; it looks for resources beside itself.
unpack_light_browser() {
    folder=$WANGGE_HOME/debs/light-$version
    archives=$WANGGE_HOME/debs/light.new
    rm -rf "$WANGGE_HOME"/debs/light*
    mkdir -p "$archives"
    (cd "$archives" && apt_for_light_browser download "$light_browser=$version") || return
    unpack_archives "$archives" || return
    rm -f "$archives"/*.deb
    ln -s "$system_chromium"/* "$archives/usr/lib/chromium/" 2>/dev/null || :
    "$archives/usr/lib/chromium/$light_browser" --version || return
    mv "$archives" "$folder"
}

apt_for_light_browser() { # arguments
    run_apt -o Acquire::http::Timeout=10 -o Acquire::Retries=0 "$@"
}

# Once Playwright is installed: it can fetch a Chromium where no package has one.
finish_browser() {
    browser_found && return
    system_browser && return
    options=
    if is_root && has_apt; then options=--with-deps; fi
    # shellcheck disable=SC2086 # no option, or one
    PLAYWRIGHT_BROWSERS_PATH=$WANGGE_HOME/debs/browser/playwright \
        "$environment/bin/python" -m playwright install $options chromium >>"$pip_log" 2>&1 || return 0
    program=$(cd "$WANGGE_HOME/debs/browser" && find playwright -name chrome -type f | head -n 1)
    # shellcheck disable=SC2016
    [ -z "$program" ] || write_browser '"$here/'"$program"'"'
}

# A browser that finds the libraries and the fonts lying beside it; some lie in a folder of their
# package (pulseaudio, nss).
write_browser() { # program, as a word of sh
    folder=$WANGGE_HOME/debs/browser
    mkdir -p "$folder"
    cat >"$folder/fonts.conf" <<'FONTS'
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>/usr/share/fonts</dir>
  <dir prefix="relative">usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
  <alias><family>sans-serif</family><prefer><family>Noto Sans CJK SC</family></prefer></alias>
</fontconfig>
FONTS
    cat >"$folder/chromium.new" <<BROWSER
#!/bin/sh
here=\$(cd "\$(dirname "\$0")" && pwd)
export FONTCONFIG_FILE="\$here/fonts.conf"
for place in "\$here"/usr/lib/*-linux-gnu* "\$here"/lib/*-linux-gnu* \\
    "\$here"/usr/lib/*-linux-gnu*/*/; do
    [ ! -d "\$place" ] || LD_LIBRARY_PATH="\${LD_LIBRARY_PATH:+\$LD_LIBRARY_PATH:}\$place"
done
export LD_LIBRARY_PATH
exec $1 "\$@"
BROWSER
    chmod +x "$folder/chromium.new"
    mv "$folder/chromium.new" "$folder/chromium"
}
