"""What is asked about accounts, the audit, jobs and oneself, and what must be answered to whom."""

from geo.access.roles import ROLES, Permission
from tests.access import world
from tests.access.asking import Answer
from tests.access.seats import SPARE, Seat
from tests.access.seen import API, Ask, See, Seen, answers, coded, of_persons, only

ADMIN, READING = ("system_admin",), ("system_admin", "audit_admin")


def office_asks() -> list[Ask]:
    """Return what is asked about accounts, audit, jobs; on a spare account, last of all its end."""
    login, client = SPARE["person"], SPARE["client"]
    account, key = f"/accounts/{login}", f"/accounts/{client}/keys"
    done = only(ADMIN, answers(200, "done"))
    made = only(ADMIN, answers(201, "done"))
    watched = only(("audit_admin",), answers(200, "done"))
    role = {"role": "volunteer", "cell": world.TARGET}
    new = {"login": "matrix.made", "name": "matrix"}
    return [
        _ask("GET", "/accounts", "/accounts", only(READING, answers(200, "done"))),
        _ask("GET", "/accounts/{login}", account, only(READING, answers(200, "done"))),
        _ask("GET", "/accounts/{login}/keys", key, only(READING, answers(200, "done"))),
        _ask("GET", "/audit/records", "/audit/records?limit=5", watched),
        _ask("GET", "/audit/export", "/audit/export?action=sign_in", watched),
        _ask("GET", "/audit/chain", "/audit/chain", watched),
        _ask("GET", "/audit/findings", "/audit/findings", watched),
        _ask(
            "POST",
            "/audit/findings/{id}/review",
            "/audit/findings/9/review",
            only(("audit_admin",), answers(404, "missed")),
            {"remark": "matrix"},
        ),
        _ask("GET", "/jobs", "/jobs", only(ADMIN, answers(200))),
        _ask("GET", "/jobs/{id}", "/jobs/1", only(ADMIN, answers(200))),
        _ask("POST", "/accounts", "/accounts", made, new),
        _ask("POST", "/accounts/{login}/grants", f"{account}/grants", made, role),
        _ask("POST", "/accounts/{login}/keys", key, made, {"name": "matrix"}),
        _ask("POST", "/accounts/{login}/lock", f"{account}/lock", done),
        _ask("POST", "/accounts/{login}/unlock", f"{account}/unlock", done),
        _ask("POST", "/accounts/{login}/reset", f"{account}/reset", done),
        _ask("POST", "/grants/{id}/end", f"/grants/{SPARE['grant']}/end", done),
        _ask("POST", "/keys/{id}/end", f"/keys/{SPARE['key']}/end", done),
        _ask("POST", "/accounts/{login}/end", f"{account}/end", done),
    ]


def own_asks() -> list[Ask]:
    """Return what is asked about oneself."""
    stranger = SPARE["sign_in"]
    wrong = {"login": "nobody.here", "password": "wrong"}
    refresh = {"refresh_token": "wgr_" + "0" * 43}
    return [
        _ask("GET", "/me", "/me", of_persons(_oneself)),
        _ask("GET", "/sign-ins", "/sign-ins", of_persons(answers(200, check=_one_sign_in))),
        _ask("GET", "/roles", "/roles", of_persons(answers(200))),
        _ask(
            "POST",
            "/sign-ins/{id}/end",
            f"/sign-ins/{stranger}/end",
            of_persons(answers(404, "missed")),
        ),
        _ask(
            "POST", "/sign-ins/end-others", "/sign-ins/end-others", of_persons(answers(200, "done"))
        ),
        _ask("POST", "/sign-ins", "/sign-ins", answers(401, "any"), wrong, few=True),
        _ask("POST", "/sign-ins/refresh", "/sign-ins/refresh", answers(401), refresh),
        _ask(
            "POST",
            "/me/password",
            "/me/password",
            of_persons(answers(403, "any", coded("password_wrong"))),
            {"old": "wrong", "new": "matrix-2026-long-enough"},
            few=True,
        ),
    ]


def last_asks() -> list[Ask]:
    """Return the end of the own sign-in: whoever has asked for it asks nothing more."""
    return [_ask("POST", "/sign-out", "/sign-out", of_persons(answers(204, "done")))]


def _ask(
    method: str, route: str, target: str, see: See, body: object = None, *, few: bool = False
) -> Ask:
    return Ask(f"{method} {API}{route}", API + target, see, body, few)


def _oneself(seat: Seat) -> Seen:
    def check(answer: Answer) -> list[str]:
        body = answer.body
        areas = [role["area"]["code"] for role in body["roles"] if role["area"]]
        may = ROLES[seat.role].permissions if seat.stands else {Permission.SELF}
        right = (seat.name, list(seat.areas), set(may))
        told = (body["login"], areas, set(body["permissions"]))
        return [] if told == right else [f"is told {told}"]

    return Seen(200, check=check)


def _one_sign_in(answer: Answer) -> list[str]:
    items = answer.body["items"]
    return [] if [item["current"] for item in items] == [True] else [f"is shown {items}"]
