"""All that is stored on a person, on paper: A4, black on white, in plain words.

One sheet as values (:func:`sheet`), made by Python for a file and by ``js/print/sheet.js`` for the
page, which gets the same facts from the API; a test holds both to the same lines.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from geo.people.file import FiledRequest, PersonFile
from geo.texts import Lang, catalogue, text
from maps import assets
from maps.pages.shell import WHO, View, shell_page
from maps.render import TEMPLATES, Lines

NONE = "–"
_DAY = len("2026-11-21")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the sheet: lines of a word and what it says, or a table.

    Parameters
    ----------
    heads
        Words above the columns; empty: ``rows`` are pairs.
    empty
        What stands there when there is no row.
    """

    title: str
    rows: Sequence[Sequence[str]]
    heads: Sequence[str] = ()
    empty: str = ""


def print_page(view: View, household_id: int, *, kinds: Mapping[str, str]) -> str:
    """Return the page that asks for a reason, then shows the file to print.

    Parameters
    ----------
    kinds
        Word of each way of holding a dwelling, by its code.
    """
    return shell_page(
        view,
        "print",
        title=text("pages.print.page", view.lang),
        entry="js/print/main.js",
        texts=("print.", "audit.action.", *WHO, "pages.post_", "pages.demo"),
        facts={"id": str(household_id), "kinds": dict(kinds), "demo": view.demo},
        household_id=household_id,
    )


def print_file(
    file: PersonFile, *, kinds: Mapping[str, str], zone: str, lang: Lang, demo: bool = False
) -> str:
    """Return the sheet as one HTML file that asks for nothing and prints on A4.

    The text holds clear personal data: whoever asked for it has noted it for the audit.
    """
    return TEMPLATES.get_template("print_file.html").render(
        lang=lang,
        t=Lines(lang),
        title=text("pages.print.title", lang),
        head=heading(file, zone=zone, lang=lang),
        sections=sheet(file, kinds=kinds, zone=zone, lang=lang),
        demo=demo,
        sheet=Markup(assets.read("css/sheet.css")),
    )


def heading(file: PersonFile, *, zone: str, lang: Lang) -> str:
    """Return whose sheet it is, when it was made and by whom."""
    made = _moment(file.made_at, zone)
    by = _who(file.made_by, file.made_by_name, lang)
    return text("pages.print.made", lang, id=file.household_id, at=made, by=by)


def sheet(file: PersonFile, *, kinds: Mapping[str, str], zone: str, lang: Lang) -> list[Section]:
    """Return everything the sheet says, in its order."""
    return [
        _person(file, kinds, zone, lang),
        _dwelling(file, lang),
        _duties(file, zone, lang),
        _requests(file, zone, lang),
        _readers(file, zone, lang),
    ]


def _person(file: PersonFile, kinds: Mapping[str, str], zone: str, lang: Lang) -> Section:
    rows = {
        "head_name": file.head_name,
        "head_phone": file.head_phone,
        "head_id_number": file.head_id_number,
        "occupancy": kinds.get(file.occupancy, file.occupancy),
        "persons": "" if file.persons is None else str(file.persons),
        "since": _day(file.since),
        "ended_on": _day(file.ended_on),
        "objected_at": _moment(file.objected_at, zone),
        "erased_at": _moment(file.erased_at, zone),
    }
    always = ("head_name", "head_phone", "head_id_number", "occupancy", "persons")
    shown = {key: said for key, said in rows.items() if said or key in always}
    return _pairs("person", shown, lang)


def _dwelling(file: PersonFile, lang: Lang) -> Section:
    place = file.dwelling
    unit = {"stairwell": place.stairwell, "floor": place.floor, "number": place.number}
    rows = {
        "address": place.address,
        "building": f"{place.building_name} ({place.building_code})",
        "unit": text("pages.print.unit_is", lang, **unit),
        "cells": " › ".join(name for _, name in place.cells),
    }
    return _pairs("dwelling", rows, lang)


def _duties(file: PersonFile, zone: str, lang: Lang) -> Section:
    rows = [
        [
            _word(f"pages.post_{duty.post}", duty.post, lang),
            duty.worker_name,
            _moment(duty.valid_from, zone),
            _moment(duty.valid_to, zone) or NONE,
        ]
        for duty in file.duties
    ]
    return _table("duties", ("post", "worker", "from", "to"), rows, lang)


def _requests(file: PersonFile, zone: str, lang: Lang) -> Section:
    rows = [
        [
            _moment(asked.received_at, zone),
            text(f"pages.print.kind_{asked.kind}", lang),
            _wish(asked, lang),
            _day(asked.due_on),
            text(f"pages.print.state_{asked.state}", lang),
            asked.outcome or NONE,
        ]
        for asked in file.requests
    ]
    heads = ("received", "kind", "wish", "due", "state", "outcome")
    return _table("requests", heads, rows, lang)


def _wish(asked: FiledRequest, lang: Lang) -> str:
    values = [
        f"{text(f'pages.print.{name}', lang)}: {value or NONE}"
        for name, value in asked.corrections.items()
    ]
    return "; ".join([*([asked.wish] if asked.wish else []), *values]) or NONE


def _readers(file: PersonFile, zone: str, lang: Lang) -> Section:
    rows = [
        [
            _who(reader.actor, reader.name, lang),
            _word(f"audit.action.{reader.action}", reader.action, lang),
            _moment(reader.last_at, zone)[: _DAY if reader.times > 1 else None],
            str(reader.times),
            _reason(reader.reason, lang) or NONE,
        ]
        for reader in file.readers
    ]
    return _table("readers", ("actor", "action", "when", "times", "reason"), rows, lang)


def _who(actor: str, name: str | None, lang: Lang) -> str:
    """Return a name with its login; of a task of the system what it does."""
    if name is not None:
        return text("audit.named", lang, name=name, login=actor)
    return _word(f"audit.task.{actor.removeprefix('system:')}", actor, lang)


def _reason(said: str, lang: Lang) -> str:
    """Return a reason as stated; of what followed from a request, which one."""
    kind, _, number = said.partition(" ")
    if kind == "data_request" and number.isdecimal():
        return text("audit.by_request", lang, id=number)
    return said


def _pairs(name: str, rows: Mapping[str, str], lang: Lang) -> Section:
    lines = [(text(f"pages.print.{key}", lang), said or NONE) for key, said in rows.items()]
    return Section(text(f"pages.print.{name}", lang), lines)


def _table(name: str, heads: Sequence[str], rows: Sequence[Sequence[str]], lang: Lang) -> Section:
    title, empty = text(f"pages.print.{name}", lang), text(f"pages.print.{name}_none", lang)
    return Section(title, rows, [text(f"pages.print.{head}", lang) for head in heads], empty)


def _word(key: str, otherwise: str, lang: Lang) -> str:
    return text(key, lang) if key in catalogue() else otherwise


def _moment(at: datetime | None, zone: str) -> str:
    return "" if at is None else at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def _day(on: date | None) -> str:
    return "" if on is None else on.isoformat()
