"""The door: signing in, the change of a first password, and in a demo who may be tried."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from markupsafe import Markup

from geo.texts import text
from maps.pages.shell import View, shell_page


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One account of a demo: what it is, who, where, and what it can see, in words."""

    login: str
    role: str
    name: str
    area: str
    sees: str


def login_page(
    view: View,
    *,
    following: str = "/",
    refused: str = "",
    must_change: bool = False,
    demo: Sequence[DemoAccount] = (),
    demo_password: str = "",
    plan: Markup | None = None,
) -> str:
    """Return the page to sign in on.

    Parameters
    ----------
    following
        Where to go afterwards; :func:`own_path` of what was asked for.
    refused
        Why nobody can sign in here at all, in a sentence; then there is no form.
    must_change
        Whoever looks is signed in and must change the password first.
    demo
        Accounts of a demo, in the order to show; each opens by one press.
    plan
        Of :func:`maps.pages.plan.plan`, for the card to lie on; None: plain paper.
    """
    return shell_page(
        view,
        "login",
        title=text("pages.login.page", view.lang),
        entry="js/login/main.js",
        texts=("login.", "password."),
        facts={
            "next": following,
            "must_change": must_change,
            "login": view.viewer.login if view.viewer else "",
            "demo_password": demo_password,
        },
        refused=refused,
        accounts=[asdict(account) for account in demo],
        password=demo_password,
        plan=plan or "",
    )


def own_path(asked: str) -> str:
    r"""Return an address when it is a path of this application, else the home page.

    Browsers read ``//host`` and ``/\host`` as another host, and drop tabs and line breaks first.

    Examples
    --------
    >>> own_path("/users?q=a"), own_path("//elsewhere.example"), own_path("/\t/elsewhere.example")
    ('/users?q=a', '/', '/')
    """
    leads_here = asked.startswith("/") and not asked.startswith(("//", "/\\"))
    is_plain = asked.isascii() and asked.isprintable() and " " not in asked and "\\" not in asked
    path = asked.partition("?")[0].partition("#")[0]
    return asked if leads_here and is_plain and path != "/login" else "/"
