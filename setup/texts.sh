# shellcheck shell=sh disable=SC2154 # variables are set in ../wangge
# Everything the launcher says, in Chinese and English. Sourced by ../wangge.

# Chinese where the locale says so, else English; --lang and WANGGE_LANG come before it.
language_of_locale() {
    case ${LC_ALL:-${LC_MESSAGES:-${LANG:-}}} in
    zh*) echo zh ;;
    *) echo en ;;
    esac
}

sentence() { # key, facts
    case $1 in
    python_missing)
        zh='本机没有 Python 3.11 或更新版本；请安装后重试（Debian、Ubuntu：apt-get install python3）。'
        en='There is no Python 3.11 or newer on this machine; install it and try again (Debian, Ubuntu: apt-get install python3).'
        ;;
    pip_missing)
        zh='这个 Python（%s）没有 pip，也没有 apt 可以取得它；请安装 python3-venv 或 uv 后重试。'
        en='This Python (%s) has no pip and there is no apt to get it with; install python3-venv or uv and try again.'
        ;;
    home_not_writable)
        zh='不能写入数据目录 %s；请换用它的所有者运行，或用 WANGGE_HOME 指定另一个目录。'
        en='The data folder %s cannot be written; run as its owner, or name another folder by WANGGE_HOME.'
        ;;
    lang_unknown)
        zh='--lang 只能是 zh 或 en。'
        en='--lang takes zh or en.'
        ;;
    waiting)
        zh='另一个 ./wangge 正在安装，等它完成……'
        en='Another ./wangge is setting things up; waiting for it …'
        ;;
    interrupted)
        zh='安装中断；再次运行即可继续。'
        en='Set-up interrupted; run again to go on.'
        ;;
    making_environment)
        zh='正在安装 Python 依赖（首次约 1 分钟）……'
        en='Installing the Python packages (about a minute, once) …'
        ;;
    uv_failed)
        zh='uv 没有成功，改用 pip……'
        en='uv did not succeed; trying pip …'
        ;;
    environment_failed)
        zh='Python 依赖没有装好（%s）；请检查网络或软件源设置（PIP_INDEX_URL、UV_DEFAULT_INDEX），离线时用 WANGGE_WHEELS 指定 wheel 目录；详见 %s。'
        en='The Python packages were not installed (%s); check the network or the index settings (PIP_INDEX_URL, UV_DEFAULT_INDEX), or name a folder of wheels by WANGGE_WHEELS when offline; %s tells more.'
        ;;
    wheels_missing)
        zh='WANGGE_WHEELS 指定的目录 %s 不存在；请改正后重试。'
        en='The folder %s named by WANGGE_WHEELS does not exist; correct it and try again.'
        ;;
    installing_packages)
        zh='正在用 apt 安装：%s……'
        en='Installing by apt: %s …'
        ;;
    unpacking_packages)
        zh='没有 root 权限，正在下载并解包到数据目录：%s……'
        en='Not root, so downloading and unpacking into the data folder: %s …'
        ;;
    packages_failed)
        zh='没有取得软件包 %s（%s）；请检查网络和 apt 软件源后重试；详见 %s。'
        en='The packages %s could not be had (%s); check the network and the sources of apt, then try again; %s tells more.'
        ;;
    postgres_missing)
        zh='本机没有 PostgreSQL 15 或更新版本及 PostGIS，也没有 apt 可以安装；请自行安装（可用 WANGGE_PG_BIN 指定），或设置 WANGGE_DATABASE_URL，或使用 docker compose up。'
        en='This machine has no PostgreSQL 15 or newer with PostGIS and no apt to install it; install it yourself (WANGGE_PG_BIN names its folder), or set WANGGE_DATABASE_URL, or use docker compose up.'
        ;;
    postgres_chosen_unfit)
        zh='WANGGE_PG_BIN 指定的 %s 中没有 PostgreSQL 15 或更新版本及 PostGIS；请改正或取消该设置。'
        en='There is no PostgreSQL 15 or newer with PostGIS in %s, which WANGGE_PG_BIN names; correct or unset it.'
        ;;
    cluster_elsewhere)
        zh='数据库账户进不了 %s，数据库将放在 %s。'
        en='The account of the database cannot enter %s, so the database will lie in %s.'
        ;;
    browser_missing)
        zh='本机没有 Chromium 和中文字体，也没能安装；测试需要它们，请安装 chromium 和 fonts-noto-cjk，或用 WANGGE_CHROMIUM 指定浏览器。'
        en='This machine has no Chromium with Chinese fonts and none could be installed; the tests need them: install chromium and fonts-noto-cjk, or name a browser by WANGGE_CHROMIUM.'
        ;;
    browser_chosen_unfit)
        zh='WANGGE_CHROMIUM 指定的 %s 不能运行；请改正或取消该设置。'
        en='%s, which WANGGE_CHROMIUM names, cannot be run; correct or unset it.'
        ;;
    *) zh=$1 en=$1 ;;
    esac
    shift
    if [ "$lang" = zh ]; then format=$zh; else format=$en; fi
    # shellcheck disable=SC2059 # the format is one of the lines above
    printf -- "$format\n" "$@"
}

say() { # key, facts; standard output belongs to the command
    sentence "$@" >&2
}

fail() { # key, facts
    say "$@"
    exit 1
}

fail_usage() {
    say lang_unknown
    exit 2
}

last_line() { # file; what a tool said last, for the middle of a sentence
    sed '/^[[:space:]]*$/d' "$1" 2>/dev/null | tail -n 1 | cut -c 1-300
}
