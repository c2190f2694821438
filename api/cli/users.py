"""``wangge user``: who may sign in — add, give roles, lock, reset, list, make keys.

For the operator of the machine, who needs no sign-in; everything is recorded as ``system:user``.
A password never stands among the arguments: it is made, asked for, or read from standard input.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from json import dumps
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.words import say, spoken
from geo.texts import text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from geo.accounts.model import Account, ApiKey
    from geo.accounts.store import GrantRow
    from geo.runtime import Runtime
    from geo.work import Work

user = typer.Typer(no_args_is_help=True)
Login = Annotated[str, typer.Argument(help=say("user.login"))]
Cell = Annotated[str | None, typer.Option(help=say("user.cell"))]
Until = Annotated[str | None, typer.Option(help=say("user.until"))]
CaseTypes = Annotated[list[str] | None, typer.Option("--case-type", help=say("user.case_type"))]
Ask = Annotated[bool, typer.Option("--ask-password", help=say("user.ask"))]
Stdin = Annotated[bool, typer.Option("--password-stdin", help=say("user.stdin"))]
Json = Annotated[bool, typer.Option("--json", help=say("json"))]

_TASK = "user"
_SHOWN = 10_000


@user.command("add", help=say("user.add.help"))
def add(
    login: Login,
    name: Annotated[str, typer.Option(help=say("user.name"))],
    role: Annotated[str | None, typer.Option(help=say("user.role_option"))] = None,
    cell: Cell = None,
    until: Until = None,
    case_type: CaseTypes = None,
    worker: Annotated[str | None, typer.Option(help=say("user.worker"))] = None,
    client: Annotated[bool, typer.Option("--client", help=say("user.client"))] = False,
    ask_password: Ask = False,
    password_stdin: Stdin = False,
) -> None:
    from api.granting import new_grant, worker_id
    from geo.accounts import grants, service
    from geo.accounts.service import NewAccount

    valid_to = _moment(until)
    given = None if client else _given(login, ask=ask_password, stdin=password_stdin)
    with _opened() as (runtime, work):
        password = None if client else given or _made()
        account = service.add_account(
            work,
            NewAccount(
                login=login,
                name=name,
                kind="client" if client else "person",
                password_hash=password and runtime.hasher.hash(password),
                must_change=given is None,
                worker_id=worker_id(work, worker),
            ),
        )
        if role is not None:
            zone = runtime.settings.time_zone
            new = new_grant(
                work, role, cell=cell, case_types=case_type, valid_to=valid_to, zone=zone
            )
            grants.grant(work, account, new)
    typer.echo(say("user.add.done", login=login))
    if password is not None and given is None:
        _show(password)


@user.command("role", help=say("user.role.help"))
def role(
    login: Login,
    role: Annotated[str, typer.Argument(help=say("user.role_option"))],
    cell: Cell = None,
    until: Until = None,
    case_type: CaseTypes = None,
    end: Annotated[bool, typer.Option("--end", help=say("user.role.end"))] = False,
) -> None:
    from api.granting import new_grant
    from geo.accounts import grants, store

    valid_to = _moment(until)
    with _opened() as (runtime, work):
        account = store.account_by_login(work.session, login)
        zone = runtime.settings.time_zone
        new = new_grant(work, role, cell=cell, case_types=case_type, valid_to=valid_to, zone=zone)
        if end:
            for row in _standing(work, account, new.role.value, new.cell_id):
                grants.end_grant(work, *store.grant_by_id(work.session, row.id), area=row.area)
        else:
            grants.grant(work, account, new)
    typer.echo(say("user.role.ended" if end else "user.role.done", login=login, role=role))


@user.command("lock", help=say("user.lock.help"))
def lock(login: Login) -> None:
    from geo.accounts import service

    with _account(login) as (_, work, account):
        service.lock(work, account)
    typer.echo(say("user.lock.done", login=login))


@user.command("unlock", help=say("user.unlock.help"))
def unlock(login: Login) -> None:
    from geo.accounts import service

    with _account(login) as (_, work, account):
        service.unlock(work, account)
    typer.echo(say("user.unlock.done", login=login))


@user.command("reset", help=say("user.reset.help"))
def reset(login: Login, ask_password: Ask = False, password_stdin: Stdin = False) -> None:
    from geo.accounts import service

    given = _given(login, ask=ask_password, stdin=password_stdin)
    with _account(login) as (runtime, work, account):
        password = given or _made()
        service.reset_password(work, account, runtime.hasher.hash(password))
    typer.echo(say("user.reset.done", login=login))
    if given is None:
        _show(password)


@user.command("end", help=say("user.end.help"))
def end(
    login: Annotated[str | None, typer.Argument(help=say("user.login"))] = None,
    demo: Annotated[bool, typer.Option("--demo", help=say("user.end.demo"))] = False,
) -> None:
    from geo.accounts import service
    from geo.accounts.demo import end_demo_accounts

    if (login is None) != demo:
        raise typer.BadParameter(say("user.end.which"))
    if login is None:
        with _opened() as (runtime, work):
            count = end_demo_accounts(work)
        # From now on the folder is an office's: the next start wants its own accounts.
        runtime.settings.demo_mark.unlink(missing_ok=True)
        typer.echo(say("user.end.demo_done", count=count))
        return
    with _account(login) as (_, work, account):
        service.end_account(work, account)
    typer.echo(say("user.end.done", login=login))


@user.command("list", help=say("user.list.help"))
def list_(
    all_: Annotated[bool, typer.Option("--all", help=say("user.list.all"))] = False,
    with_keys: Annotated[bool, typer.Option("--keys", help=say("user.list.keys"))] = False,
    json: Json = False,
) -> None:
    from geo.accounts import store
    from geo.accounts.store import AccountFilter
    from geo.db.paging import Page

    with _opened() as (_, work):
        found = store.accounts(work.session, AccountFilter(), Page(_SHOWN, None)).rows
        accounts = [one for one in found if all_ or one.ended_at is None]
        ids = [one.id for one in accounts]
        held = [row for row in store.grants_of(work.session, *ids) if row.stands]
        seen = store.last_seen(work.session, ids)
        keys = {
            one.id: store.keys_of(work.session, one.id, Page(_SHOWN, None)).rows
            for one in accounts
            if one.kind == "client"
        }
        now = work.now
    if json:
        rows = [_facts(one, held, keys.get(one.id, ()), seen.get(one.id)) for one in accounts]
        typer.echo(dumps(rows, ensure_ascii=False, indent=2))
    elif with_keys:
        _print_keys(accounts, keys, now)
    else:
        _print(accounts, held, seen)


@user.command("key", help=say("user.key.help"))
def key(
    login: Login,
    name: Annotated[str | None, typer.Option(help=say("user.key.name"))] = None,
    days: Annotated[int, typer.Option(help=say("user.key.days"))] = 365,
    permission: Annotated[list[str] | None, typer.Option(help=say("user.key.permission"))] = None,
    end: Annotated[int | None, typer.Option(help=say("user.key.end"))] = None,
) -> None:
    from geo.access.roles import Permission
    from geo.accounts import keys, store
    from geo.accounts.keys import KeyRefused, NewKey

    if (name is None) == (end is None):
        raise typer.BadParameter(say("user.key.which"))
    unknown = set(permission or ()) - set(Permission)
    if unknown:
        raise KeyRefused(value=", ".join(sorted(unknown)))
    with _account(login) as (_, work, account):
        if name is None:
            row = store.key_by_id(work.session, end or 0)
            if row.account_id != account.id:
                raise store.KeyUnknown(value=str(end))
            keys.end_key(work, row)
            typer.echo(say("user.key.ended", shown=row.shown))
            return
        allowed = None if permission is None else [Permission(one) for one in permission]
        row, secret = keys.add_key(work, account, NewKey(name, allowed, days))
    typer.echo(say("user.key.done", id=row.id, until=row.expires_at.date().isoformat()))
    typer.echo(secret)


@contextmanager
def _opened() -> "Iterator[tuple[Runtime, Work]]":
    """Give a work of the operator."""
    from api.cli.opening import opened
    from geo.access.actors import Actor

    with opened() as runtime, runtime.work(Actor.system(_TASK)) as work:
        yield runtime, work


@contextmanager
def _account(login: str) -> "Iterator[tuple[Runtime, Work, Account]]":
    from geo.accounts import store

    with _opened() as (runtime, work):
        yield runtime, work, store.account_by_login(work.session, login)


def _moment(said: str | None) -> "datetime | date | None":
    from api.params import moment

    try:
        return moment(said) if said else None
    except ValueError as error:
        raise typer.BadParameter(say("user.until_wrong", value=said)) from error


def _given(login: str, *, ask: bool, stdin: bool) -> str | None:
    """Return a password that somebody types or pipes in; None when one is to be made."""
    from geo.accounts.passwords import check_password

    if not ask and not stdin:
        return None
    if stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = typer.prompt(
            say("user.password"), hide_input=True, confirmation_prompt=say("user.password_again")
        )
    check_password(password, login)
    return str(password)


def _made() -> str:
    from geo.accounts.passwords import made_password

    return made_password()


def _show(password: str) -> None:
    typer.echo(say("user.once"))
    typer.echo(password)


def _standing(work: "Work", account: "Account", role: str, cell_id: int | None) -> "list[GrantRow]":
    """Return the standing roles that are meant.

    Raises
    ------
    GrantNotHeld
        When the account holds none like it now.
    """
    from geo.accounts import store

    held = store.grants_of(work.session, account.id)
    meant = [row for row in held if row.stands and (row.role, row.cell_id) == (role, cell_id)]
    if not meant:
        raise store.GrantNotHeld(login=account.login, role=role)
    return meant


def _facts(
    account: "Account",
    held: "list[GrantRow]",
    keys: "Sequence[ApiKey]",
    seen_at: "datetime | None",
) -> dict[str, object]:
    from geo.accounts.states import state_of

    return {
        "login": account.login,
        "name": account.name,
        "kind": account.kind,
        "state": state_of(account),
        "demo": account.demo,
        "roles": [
            {"id": str(row.id), "role": row.role, "cell": row.cell_code}
            for row in held
            if row.account_id == account.id
        ],
        "keys": [
            {
                "id": str(key.id),
                "name": key.name,
                "shown": key.shown,
                "permissions": key.permissions,
                "expires_at": key.expires_at.isoformat(timespec="seconds"),
                "ended_at": key.ended_at and key.ended_at.isoformat(timespec="seconds"),
            }
            for key in keys
        ],
        "seen_at": None if seen_at is None else seen_at.isoformat(timespec="seconds"),
    }


def _print_keys(
    accounts: "list[Account]", keys: "Mapping[int, Sequence[ApiKey]]", now: "datetime"
) -> None:
    """Print every key: the number by which it is ended, whose it is, until when it is good."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for column in ("key", "login", "key_name", "shown", "until", "opens"):
        table.add_column(say(f"user.list.{column}"))
    for account in accounts:
        for key in keys.get(account.id, ()):
            table.add_row(
                str(key.id),
                account.login,
                key.name,
                f"{key.shown}…",
                _until(key, now),
                say("user.list.all_of_it")
                if key.permissions is None
                else " ".join(key.permissions),
            )
    Console(highlight=False).print(table)


def _until(key: "ApiKey", now: "datetime") -> str:
    if key.ended_at is not None:
        return say("user.list.key_ended", day=key.ended_at.date().isoformat())
    day = key.expires_at.date().isoformat()
    return day if key.expires_at > now else say("user.list.key_ended", day=day)


def _print(accounts: "list[Account]", held: "list[GrantRow]", seen: "dict[int, datetime]") -> None:
    from rich.console import Console
    from rich.table import Table

    from geo.accounts.states import state_of

    table = Table(box=None, pad_edge=False)
    for column in ("login", "name", "state", "roles", "seen"):
        table.add_column(say(f"user.list.{column}"))
    for account in accounts:
        mine = [row for row in held if row.account_id == account.id]
        roles = ", ".join(
            f"{text(f'roles.{row.role}', spoken())} {row.cell_code or ''}".strip() for row in mine
        )
        at = seen.get(account.id)
        table.add_row(
            account.login,
            account.name,
            say(f"user.state.{state_of(account)}"),
            roles or "–",
            "–" if at is None else at.isoformat(sep=" ", timespec="minutes"),
        )
    Console(highlight=False).print(table)
