"""Which language a client wants: its choice, else ``Accept-Language`` (RFC 9110 §12.5.4). Pure."""

import re
from collections.abc import Mapping

from geo.texts import Lang

# A choice of one device, made by the switch on a page.
LANG_COOKIE = "wangge_lang"
LANGS: Mapping[str, Lang] = {"zh": "zh", "en": "en"}

_RANGE = re.compile(
    r"\s*(zh|en|\*)(?:-[A-Za-z0-9-]{1,40})?\s*(?:;\s*q=([01](?:\.[0-9]{0,3})?))?\s*"
)


def preferred(accepted: str, default: Lang) -> Lang:
    """Return the language of the highest quality, the first named among equals.

    Parameters
    ----------
    accepted : value of the header, may be empty or nonsense
    default : when it names neither Chinese nor English, or only ``*``

    Examples
    --------
    >>> preferred("fr, en;q=0.4, zh-CN;q=0.8", "en")
    'zh'
    >>> preferred("", "zh")
    'zh'
    """
    best: tuple[float, Lang] = (0.0, default)
    for part in accepted[:500].split(","):
        found = _RANGE.fullmatch(part)
        if found is None:
            continue
        quality = float(found[2]) if found[2] is not None else 1.0
        if quality > best[0]:
            best = (quality, "zh" if found[1] == "zh" else "en" if found[1] == "en" else default)
    return best[1]


def chosen(query: Mapping[str, str], cookies: Mapping[str, str]) -> Lang | None:
    """Return the language a page is asked for: in its address, else kept on the device.

    Examples
    --------
    >>> chosen({"lang": "en"}, {"wangge_lang": "zh"}), chosen({"lang": "fr"}, {})
    ('en', None)
    """
    return LANGS.get(query.get("lang", "")) or LANGS.get(cookies.get(LANG_COOKIE, ""))
