"""A page that only says something: what is not there or not allowed, and what to do."""

from markupsafe import Markup

from geo.texts import Lang, text
from maps.palette import css_variables
from maps.render import TEMPLATES


def message_page(title: str, sentence: str, *, lang: Lang, nonce: str, command: str = "") -> str:
    """Return a page with one sentence, and a command to copy when one helps.

    Parameters
    ----------
    nonce
        The one given to :func:`maps.render.content_policy` for the same answer.
    """
    return TEMPLATES.get_template("message.html").render(
        title=title,
        sentence=sentence,
        command=command,
        brand=text("pages.brand", lang),
        home="" if command else text("pages.to_home", lang),
        lang=lang,
        nonce=nonce,
        variables=Markup(css_variables()),
    )
