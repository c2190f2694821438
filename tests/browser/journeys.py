"""Somebody at a browser before a real server: what they press, and what goes wrong meanwhile."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page

from api.app import create_app
from geo.access.actors import Actor
from geo.access.roles import ROLES, Role
from geo.accounts import grants
from geo.accounts.grants import NewGrant
from geo.accounts.service import NewAccount, add_account
from geo.grid import store as grid
from geo.runtime import Runtime
from tests import residents
from tests.databases import Databases
from tests.maps.browsing import DESK

PASSWORD = "wangge-demo"
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "${alert(1)}`{{7*7}}",
    "反写\u05d0\u05d1\u05d2\u0627\u0644",
    "很长的名字" * 10,
)
# One account a role, as the demo has them; the cells are those of ``tests.world``.
AREAS = {
    Role.DISTRICT_ADMIN: "100",
    Role.STREET_DISPATCHER: "100A",
    Role.INTAKE_CLERK: "100A",
    Role.DUTY_LEADER: "100A",
    Role.DEPARTMENT_OFFICER: "100A",
    Role.COMMUNITY_ADMIN: "100A2",
    Role.GRID_WORKER: "100A2001",
    Role.VOLUNTEER: "100A2001",
}
PERSONS = [role for role in ROLES if role not in (Role.ANONYMOUS, Role.SYSTEM_CLIENT)]


@contextmanager
def serving(runtime: Runtime) -> Iterator[str]:
    """A server on a free port; its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(runtime), log_level="error", lifespan="off"))
    thread = threading.Thread(target=asyncio.run, args=(server.serve(sockets=[listener]),))
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=10)
    listener.close()


@contextmanager
def filled(databases: Databases, template: str) -> Iterator[Runtime]:
    """Give a runtime on a new database with the small town; a demo, and as often as one likes."""
    name = databases.create(template=template)
    settings = databases.settings(name).model_copy(update={"demo": True, "rate_factor": 0})
    made = Runtime(settings)
    fill(made)
    yield made
    made.close()
    databases.drop(name)


def fill(runtime: Runtime) -> None:
    """Store the small town, an account of each role, and some with names that are no names."""
    residents.store(runtime)
    hashed = runtime.hasher.hash(PASSWORD)
    for role in PERSONS:
        add(runtime, NewAccount(role.value, f"员{role.value}", password_hash=hashed), role)
    for number, name in enumerate(HOSTILE):
        add(runtime, NewAccount(f"hostile{number}", name, password_hash=hashed), Role.GRID_WORKER)


def add(runtime: Runtime, new: NewAccount, role: Role) -> None:
    """Add an account of the demo that holds a role in its usual cell."""
    with runtime.work(Actor.system("test")) as work:
        demo = new.login in set(Role)
        account = add_account(
            work,
            NewAccount(
                new.login, new.name, password_hash=new.password_hash, must_change=False, demo=demo
            ),
        )
        code = AREAS.get(role)
        cell = None
        if code is not None:
            number = grid.publication_at(work.session, work.now).number
            cell = grid.version_by_code(work.session, code, number)
        grants.grant(
            work,
            account,
            NewGrant(
                role=role,
                cell_id=cell.cell_id if cell else None,
                area=cell.path if cell else "",
                case_types=None,
                valid_to=None,
            ),
        )


@dataclass
class Somebody:
    """A browser with its own cookies, one page of it, and what went wrong there.

    Parameters
    ----------
    expected : statuses of answers that the test asks for; a browser notes each in its console
    """

    home: str
    context: BrowserContext
    page: Page
    wrong: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)

    def go(self, path: str) -> Page:
        """Open a page and wait until it has what it asked for."""
        self.page.goto(self.home + path)
        self.settle()
        return self.page

    def settle(self) -> None:
        self.page.wait_for_load_state("networkidle")

    def sign_in(self, login: str, password: str = PASSWORD, following: str = "/") -> Page:
        """Sign in without the page for it, which takes seconds, then open a page.

        Parameters
        ----------
        following : the page; empty for none
        """
        wish = {"login": login, "password": password, "kind": "page"}
        answer = self.context.request.post(f"{self.home}/api/v1/sign-ins", data=wish)
        assert answer.status == 201, answer.text()
        return self.go(following) if following else self.page

    def type_in(self, login: str, password: str = PASSWORD, following: str = "/") -> Page:
        """Sign in by typing, as anybody would."""
        self.page.goto(f"{self.home}/login?next={quote(following, safe='')}")
        self.page.fill("#login", login)
        self.page.fill("#password", password)
        self.page.press("#password", "Enter")
        self.page.wait_for_url(lambda url: "/login" not in url)
        self.settle()
        return self.page

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the API as the page's own scripts do; the status and the body."""
        return self.page.evaluate(ASK, [method, path, body])

    @property
    def faults(self) -> list[str]:
        """What went wrong, less the refusals that the test asked for."""
        said = [f"status of {status}" for status in self.expected]
        return [line for line in self.wrong if not any(one in line for one in said)]


ASK = """async ([method, path, body]) => {
  const { api } = await import(document.querySelector('script[src$="js/shell/bar.js"]').src
    .replace('bar.js', 'session.js'));
  try {
    return [200, method === 'GET' ? await api.get(path) : await api.post(path, body || {})];
  } catch (problem) {
    return [problem.status || 0, problem.code || String(problem)];
  }
}"""


@contextmanager
def somebody(
    browser: Browser, home: str, *, size: tuple[int, int] = DESK, locale: str = "zh-CN"
) -> Iterator[Somebody]:
    """Somebody at a browser of a size; when they leave, nothing must have gone wrong."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale=locale,
        reduced_motion="reduce",
        timezone_id="Asia/Shanghai",
    )
    made = Somebody(home, context, context.new_page())
    made.page.on("pageerror", lambda error: made.wrong.append(f"error: {error}"))
    made.page.on("dialog", lambda dialog: (made.wrong.append("dialog"), dialog.dismiss()))
    made.page.on("console", lambda said: said.type == "error" and made.wrong.append(said.text))
    made.page.on("request", lambda asked: made.wrong.extend(_outside(asked.url, home)))
    yield made
    # What breaks because the window is closed over it is no fault.
    made.page.evaluate("0")
    found = list(made.faults)
    context.close()
    assert not found, found


def _outside(url: str, home: str) -> list[str]:
    return [] if url.startswith((home, "data:", "blob:")) else [f"outside: {url}"]
