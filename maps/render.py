"""A town map as a page that is served, or as one file that stands alone.

Folium's own page is not used: it loads from public hosts, and its inline blocks carry no nonce.
Here the parts Folium collected are put into ``templates/page.html``; every link among them has to
be a file below ``maps/static`` (:class:`maps.assets.UnknownAsset` otherwise), so an added Folium
layer can bring no address from elsewhere.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache

from branca.element import CssLink, JavascriptLink
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from geo.texts import Lang, text
from maps import assets
from maps.base import TownMap, count_ids, figure_of
from maps.bundle import bundle
from maps.pack import deflated
from maps.palette import css_variables

LOADER = "js/file/loader.js"

TEMPLATES = Environment(
    loader=PackageLoader("maps"),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Parts:
    """What Folium collected for a map: files by name, markup of the body, its start script."""

    scripts: tuple[str, ...]
    sheets: tuple[str, ...]
    body: Markup
    start: Markup


@dataclass(frozen=True, slots=True)
class Drawn:
    """A map ready to be put into pages: one may stand in many, also at the same time."""

    parts: Parts
    title: str
    lang: str
    entry: str


def drawn(town: TownMap) -> Drawn:
    """Return a map, with its overlays, as what pages of it have in common."""
    return Drawn(_parts(town, packed=False), town.title, town.lang, town.entry)


def served_page(
    town: Drawn, *, frame: Markup, nonce: str, static_root: str, page: str = "map"
) -> str:
    """Return the page of a map for a browser that reaches ``static_root``.

    Parameters
    ----------
    town
        The map.
    frame
        Cards and bar around the map, made by a template.
    nonce
        The one of :func:`content_policy` in the same answer.
    static_root
        :func:`maps.assets.static_root`, or the same below a prefix.
    page
        Class of the body.
    """
    parts = town.parts
    sheets = "".join(f'<link rel="stylesheet" href="{static_root}/{s}">\n' for s in parts.sheets)
    scripts = "".join(f'<script src="{static_root}/{s}"></script>\n' for s in parts.scripts)
    head = f'{sheets}<style nonce="{nonce}">\n{css_variables()}\n</style>'
    tail = (
        f'{scripts}<script nonce="{nonce}">{parts.start}</script>\n'
        f'<script type="module" src="{static_root}/{town.entry}"></script>'
    )
    return _page(town, frame=frame, page=page, policy="", head=head, tail=tail)


def self_contained_file(town: TownMap, *, frame: Markup, page: str = "map file") -> str:
    """Return the map as one HTML file that asks for nothing and opens from ``file://``.

    The file carries its own content security policy: only the scripts and sheets inside it, by
    hash, and no connection at all.
    """
    parts = _parts(town, packed=True)
    sheets = [css_variables(), *(_inlined(sheet) for sheet in parts.sheets)]
    scripts = [*(_script(name) for name in parts.scripts), str(parts.start), bundle(town.entry)]
    loader = assets.read(LOADER)
    policy = (
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        f"script-src {' '.join(map(_hash, [loader, *scripts]))}; "
        f"style-src {' '.join(map(_hash, sheets))}"
    )
    head = "\n".join(f"<style>{sheet}</style>" for sheet in sheets)
    licence = assets.read(f"{assets.LEAFLET}/LICENSE")
    tail = "\n".join(
        (
            f'<script type="text/plain" data-licence="Leaflet">{licence}</script>',
            *map(_packed, scripts),
            f"<script>{loader}</script>",
        )
    )
    whole = Drawn(parts, town.title, town.lang, town.entry)
    return _page(whole, frame=frame, page=page, policy=policy, head=head, tail=tail)


def content_policy(nonce: str) -> str:
    """Return the ``Content-Security-Policy`` header of a served page.

    Examples
    --------
    >>> content_policy("abc").split("; ")[1]
    "script-src 'self' 'nonce-abc'"
    """
    return (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; "
        f"style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; connect-src 'self'; "
        "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


def fragment(name: str, *, lang: Lang, **values: object) -> Markup:
    """Return a template of ``maps/templates`` filled, with ``t(key)`` for the page's texts."""
    template = TEMPLATES.get_template(name)
    return Markup(template.render(lang=lang, t=Lines(lang), **values))


class Lines:
    """Lines of the catalogue for a template: ``t("legend")`` is ``pages.legend``."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang

    def __call__(self, key: str, **facts: object) -> str:
        """Return a line with its facts filled in."""
        return text(f"pages.{key}", self.lang, **facts)


def _parts(town: TownMap, *, packed: bool) -> Parts:
    figure = figure_of(town)
    count_ids(figure)
    for child in list(figure._children.values()):
        child.render()
    links = list(figure.header._children.values())
    return Parts(
        tuple(assets.asset(link.url) for link in links if isinstance(link, JavascriptLink)),
        tuple(assets.asset(link.url) for link in links if isinstance(link, CssLink)),
        Markup(figure.html.render(packed=packed)),
        Markup(figure.script.render().strip()),
    )


def _page(town: Drawn, *, frame: Markup, page: str, policy: str, head: str, tail: str) -> str:
    return TEMPLATES.get_template("page.html").render(
        lang=town.lang,
        title=town.title,
        page=page,
        policy=policy,
        head=Markup(head),
        body=town.parts.body,
        frame=frame,
        tail=Markup(tail),
    )


def _script(name: str) -> str:
    return re.sub(r"\n//# sourceMappingURL=\S+\s*$", "", assets.read(name))


def _inlined(sheet: str) -> str:
    """Return a style sheet without comments and without the pictures of controls we do not use."""
    body = re.sub(r"url\(images/[\w.-]+\)", "none", assets.read(sheet))
    return re.sub(r"\n\s*", "\n", re.sub(r"/\*.*?\*/", "", body, flags=re.DOTALL))


@lru_cache(maxsize=16)
def _packed(script: str) -> str:
    return f'<script type="application/deflate" data-script>{deflated(script)}</script>'


def _hash(body: str) -> str:
    digest = hashlib.sha256(body.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
