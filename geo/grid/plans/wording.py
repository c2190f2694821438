"""Operations in words, for people who read what somebody else did. Pure."""

from collections.abc import Mapping
from typing import Any

from geo.texts import Lang, text

_SHOWN = 3


def in_words(operation: Mapping[str, Any], lang: Lang) -> str:
    """Return what an operation does.

    Parameters
    ----------
    operation : as it was posted and kept

    Examples
    --------
    >>> in_words({"op": "merge", "cells": ["1A", "1B"], "into": "1B"}, "en")
    'merge cells 1A, 1B into 1B'
    """
    name, facts = str(operation["op"]), dict(operation)
    if name == "transfer" and operation.get("buildings"):
        name, facts["count"] = "transfer_buildings", len(operation["buildings"])
    if name == "replace":
        facts["count"] = len(operation["parts"])
    if "cells" in facts:
        facts["cells"] = _listed(facts["cells"], lang)
    return text(f"plans.op.{name}", lang, **facts)


def _listed(codes: list[str], lang: Lang) -> str:
    mark = text("plans.op.mark", lang)
    more = "…" if len(codes) > _SHOWN else ""
    return mark.join(codes[:_SHOWN]) + more
