"""What every page is wrapped in: the bar, who looks at it, and the page of a form or a list.

The bar shows words for what exists and may be opened; the rest is absent, not grey. Pages get
their sentences and facts as one JSON block, and fetch what they show from the API.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from markupsafe import Markup

from geo.access.roles import Permission
from geo.texts import Lang, part
from maps import assets
from maps.pack import dumps
from maps.palette import css_variables
from maps.render import TEMPLATES, Lines, fragment

OTHER: Mapping[Lang, Lang] = {"zh": "en", "en": "zh"}
SHEETS = ("css/page.css", "css/shell.css", "css/sheet.css")
API = "/api/v1"
# The lines by which a page says who did something, and why (js/shell/who.js).
WHO = ("audit.named", "audit.by_request", "audit.task.")


@dataclass(frozen=True, slots=True)
class NavItem:
    """One word of the bar: key of its text, where it leads, what it asks for."""

    key: str
    href: str
    permission: Permission | None = None
    current: bool = False


# Words of the bar lead to pages that exist: a later page adds its own here.
NAV = (
    NavItem("nav_map", "/"),
    NavItem("bar.boundaries", "/editor", Permission.PLAN_READ),
    NavItem("bar.people", "/people", Permission.PEOPLE_READ),
    NavItem("bar.leaves", "/leaves", Permission.WORKFORCE_READ),
    NavItem("bar.requests", "/data-requests", Permission.REQUEST_WRITE),
    NavItem("bar.users", "/users", Permission.ACCOUNTS_READ),
    NavItem("bar.audit", "/audit", Permission.AUDIT_READ),
)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is signed in, as the bar and the scripts of a page need to know.

    Parameters
    ----------
    post
        Role and area in the language of the page, ``社区管理员 · 供电社区``.
    place
        The area alone, of several the first; empty for roles of the whole deployment.
    permissions
        All that the roles allow somewhere.
    csrf
        What a request that changes something sends along.
    idle_s
        Seconds after which an unused page's sign-in ends.
    """

    login: str
    name: str
    post: str
    permissions: frozenset[Permission]
    csrf: str
    idle_s: int
    place: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """One page shown to somebody.

    Parameters
    ----------
    nonce
        The one given to :func:`maps.render.content_policy` for the same answer.
    address
        Path and query of the page: the way back, and the way to the other language.
    zone
        In which times are shown.
    demo
        Whether the data are invented.
    viewer
        None: nobody has signed in.
    large
        Whether larger type is wanted.
    """

    lang: Lang
    nonce: str
    static_root: str
    address: str = "/"
    zone: str = "Asia/Shanghai"
    demo: bool = False
    viewer: Viewer | None = None
    large: bool = False

    @property
    def other_address(self) -> str:
        """The same page in the other language."""
        parts = urlsplit(self.address)
        kept = [pair for pair in parse_qsl(parts.query) if pair[0] != "lang"]
        return f"{parts.path}?{urlencode([*kept, ('lang', OTHER[self.lang])])}"


def navigation(view: View, current: str) -> list[NavItem]:
    """Return the words of the bar for who looks, ``current`` marked; none before one is in."""
    if view.viewer is None or current == "/login":
        return []
    allowed = view.viewer.permissions
    return [
        NavItem(item.key, item.href, item.permission, item.href == current)
        for item in NAV
        if item.permission is None or item.permission in allowed
    ]


def topbar(
    view: View | None, *, lang: Lang = "zh", current: str = "", search: bool = False
) -> Markup:
    """Return the bar of a page; of a file in ``lang``, which leads nowhere, without a view."""
    signs_in = view is not None and view.viewer is None and current != "/login"
    return fragment(
        "topbar.html",
        lang=view.lang if view else lang,
        home="/" if view else "#",
        nav=navigation(view, current) if view else [],
        viewer=view.viewer if view else None,
        other_lang=view.other_address if view else "",
        sign_in="/login" if signs_in else "",
        search=search,
    )


def bar_block(
    view: View, *, texts: Sequence[str] = (), facts: Mapping[str, object] | None = None
) -> Markup:
    """Return the JSON block that the bar's scripts read, with the texts and facts of a page.

    Parameters
    ----------
    texts
        Prefixes of further lines below ``pages.`` or by themselves: ``users.``, ``roles.``.
    facts
        What the page has to know by itself.
    """
    viewer = view.viewer
    lines: dict[str, str] = {}
    for prefix in ("bar.", *texts):
        lines |= part(f"pages.{prefix}", view.lang) | part(prefix, view.lang)
    return Markup(
        dumps(
            {
                "lang": view.lang,
                "zone": view.zone,
                "api": API,
                "csrf": viewer.csrf if viewer else "",
                "login": viewer.login if viewer else "",
                "idle_s": viewer.idle_s if viewer else 0,
                "may": sorted(viewer.permissions) if viewer else [],
                "texts": lines,
                "facts": dict(facts or {}),
            }
        )
    )


def shell_page(
    view: View,
    template: str,
    *,
    title: str,
    entry: str,
    texts: Sequence[str],
    facts: Mapping[str, object] | None = None,
    **values: object,
) -> str:
    """Return a page that is not a map.

    Parameters
    ----------
    template
        Of ``maps/templates``, without its ending: also the class of the body and, as
        ``/template``, the word of the bar that is marked.
    entry
        Module that brings it to life, below ``maps/static``.
    texts, facts
        As of :func:`bar_block`.
    values
        What the template itself shows.
    """
    body = fragment(f"{template}.html", lang=view.lang, view=view, **values)
    return TEMPLATES.get_template("shell.html").render(
        lang=view.lang,
        t=Lines(view.lang),
        title=title,
        nonce=view.nonce,
        static_root=view.static_root,
        sheets=[assets.asset(sheet) for sheet in (*SHEETS, f"css/{template}.css")],
        variables=Markup(css_variables()),
        page=template,
        large=view.large,
        demo=view.demo,
        topbar=topbar(view, current=f"/{template}"),
        body=body,
        block=bar_block(view, texts=texts, facts=facts),
        entry=assets.asset(entry),
    )
