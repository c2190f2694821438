"""Pages: sign-in, maps, boundaries, own account, households, data requests, roles, audit, a file.

The one place that renders HTML. What a page may show is decided by the guard and by the works it
opens; most of what it shows, its scripts ask from the API, where the same rules hold. A refusal
here is a page too (``api.error_pages``).
"""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.access import is_local
from api.demo_doors import demo_accounts
from api.deps import RuntimeOf
from api.editor_pages import editor
from api.error_pages import to_sign_in
from api.map_pages import own_map, plan_of, public_map
from api.page_views import answer, spoken, view_of, viewer_of
from api.params import RowId
from api.routes.sign_ins import InsecureTransport
from api.signin import Asker, AskerOf
from geo.access.actors import Actor
from geo.access.fields import FieldClass
from geo.access.roles import Permission
from geo.accounts.demo import DEMO_PASSWORD
from geo.grid.store import NothingPublished
from geo.people.fields import FIELDS, HeadField
from geo.people.frames import occupancy_kinds
from geo.runtime import Runtime
from geo.texts import Lang, text
from geo.work import Work
from maps.pages.audit import audit_page
from maps.pages.data_requests import data_requests_page
from maps.pages.leaves import leaves_page
from maps.pages.login import login_page, own_path
from maps.pages.me import me_page
from maps.pages.message import message_page
from maps.pages.names import names_page
from maps.pages.people import people_page
from maps.pages.person_print import print_page
from maps.pages.shell import View
from maps.pages.users import users_page
from maps.registry import map_file

router = APIRouter(tags=["pages"], include_in_schema=False, default_response_class=HTMLResponse)

# A map's name that is no file's: the town as everybody may see it.
PUBLIC = "public"


@router.get("/")
def home(request: Request, runtime: RuntimeOf, asker: AskerOf, cell: str = "") -> Response:
    """Show the own area by building, or to everybody else the town by cells."""
    if asker.standing is not None and asker.standing.must_change:
        return to_sign_in(request)
    try:
        if asker.actor.may(Permission.MAP_READ):
            return own_map(request, runtime, asker, cell)
        return public_map(request, runtime, asker, cell, address="/")
    except NothingPublished:
        return _nothing_yet(request, runtime)


@router.get("/maps/{name}")
def named_map(
    request: Request, runtime: RuntimeOf, asker: AskerOf, name: str, cell: str = ""
) -> Response:
    """Show one map by its name; the public one to everybody, any other to who has signed in."""
    if name != PUBLIC:
        map_file(name)
        if asker.standing is None or asker.standing.must_change:
            return to_sign_in(request)
    try:
        if name == PUBLIC:
            return public_map(request, runtime, asker, cell, address="/maps/public")
        return own_map(request, runtime, asker, cell)
    except NothingPublished:
        return _nothing_yet(request, runtime)


@router.get("/login")
def login(request: Request, runtime: RuntimeOf, asker: AskerOf, next: str = "/") -> Response:
    """Show where one signs in; who has done so already is led on."""
    following = own_path(next)
    standing = asker.standing
    if standing is not None and not standing.must_change:
        return RedirectResponse(following, 303, {"Cache-Control": "no-store"})
    lang = spoken(request, runtime)
    with runtime.work(asker.nobody, reading=True) as work:
        doors = demo_accounts(work.session, lang) if _is_demo(runtime) else []
        viewer = viewer_of(work, asker, runtime, lang)
        ground = plan_of(request, work)
    view = view_of(request, runtime, viewer)
    html = login_page(
        view,
        following=following,
        refused="" if _is_safe(request) else InsecureTransport().message(lang),
        must_change=standing is not None,
        demo=doors,
        demo_password=DEMO_PASSWORD if doors else "",
        plan=ground,
    )
    return answer(request, view, html)


@router.get("/me")
def my_account(request: Request, runtime: RuntimeOf, asker: AskerOf) -> Response:
    """Show the own account."""
    view = _view(request, runtime, asker)
    return answer(request, view, me_page(view))


@router.get("/editor")
def boundary_editor(
    request: Request,
    runtime: RuntimeOf,
    asker: AskerOf,
    plan: Annotated[RowId | None, Query()] = None,
    cell: str = "",
) -> Response:
    """Show where borders are drawn: the area of a plan, or a cell with its plans."""
    try:
        return editor(request, runtime, asker, plan=plan, cell=cell)
    except NothingPublished:
        return _nothing_yet(request, runtime)


@router.get("/people")
def people(request: Request, runtime: RuntimeOf, asker: AskerOf) -> Response:
    """Show where a household is found; what is found, its script asks from the API."""
    lang = spoken(request, runtime)
    with runtime.work(asker.actor, reading=True) as work:
        viewer = viewer_of(work, asker, runtime, lang)
        kinds = _kind_words(work, lang)
    view = view_of(request, runtime, viewer)
    return answer(request, view, people_page(view, kinds=kinds, reveals=_revealed(asker.actor)))


@router.get("/leaves")
def leaves(request: Request, runtime: RuntimeOf, asker: AskerOf) -> Response:
    """Show who is away and who stands in."""
    view = _view(request, runtime, asker)
    return answer(request, view, leaves_page(view))


@router.get("/names")
def names(request: Request, runtime: RuntimeOf, asker: AskerOf) -> Response:
    """Show what people on the spot call places in the own areas."""
    view = _view(request, runtime, asker)
    return answer(request, view, names_page(view))


@router.get("/data-requests")
def data_requests(request: Request, runtime: RuntimeOf, asker: AskerOf) -> Response:
    """Show what persons ask about their data."""
    view = _view(request, runtime, asker)
    return answer(request, view, data_requests_page(view))


@router.get("/users")
def people_and_roles(request: Request, runtime: RuntimeOf, asker: AskerOf) -> Response:
    """Show who may sign in, and what each role may do."""
    view = _view(request, runtime, asker)
    return answer(request, view, users_page(view))


@router.get("/audit")
def audit(request: Request, runtime: RuntimeOf, asker: AskerOf) -> Response:
    """Show who did what."""
    view = _view(request, runtime, asker)
    return answer(request, view, audit_page(view))


@router.get("/households/{id}/print")
def person_file(
    request: Request,
    runtime: RuntimeOf,
    asker: AskerOf,
    household: Annotated[RowId, Path(alias="id")],
) -> Response:
    """Show the page that asks why, then the file of a person."""
    lang = spoken(request, runtime)
    with runtime.work(asker.actor, reading=True) as work:
        viewer = viewer_of(work, asker, runtime, lang)
        kinds = _kind_words(work, lang)
    view = view_of(request, runtime, viewer)
    return answer(request, view, print_page(view, household, kinds=kinds))


def _view(request: Request, runtime: Runtime, asker: Asker) -> View:
    with runtime.work(asker.actor, reading=True) as work:
        viewer = viewer_of(work, asker, runtime, spoken(request, runtime))
    return view_of(request, runtime, viewer)


def _kind_words(work: Work, lang: Lang) -> dict[str, str]:
    kinds = occupancy_kinds(work.session)
    return {kind.code: kind.zh if lang == "zh" else kind.en for kind in kinds}


def _revealed(actor: Actor) -> list[HeadField]:
    """Return the fields that somebody may see in clear in one of the own areas."""
    areas = {grant.area for grant in actor.grants if grant.area}
    most = max((actor.reveals(area) for area in areas), default=FieldClass.NOTHING)
    return [name for name, field in FIELDS.items() if field.field_class <= most]


def _is_safe(request: Request) -> bool:
    return request.scope["scheme"] == "https" or is_local(request.scope)


def _is_demo(runtime: Runtime) -> bool:
    return runtime.settings.demo is True


def _nothing_yet(request: Request, runtime: Runtime) -> Response:
    view = view_of(request, runtime, None)
    html = message_page(
        text("pages.empty_title", view.lang),
        text("pages.empty", view.lang),
        lang=view.lang,
        nonce=view.nonce,
        command="./wangge import cells FILE --commit",
    )
    return answer(request, view, html)
