"""Looking for unusual reads and access given: the facts of a week, the findings they make."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, BigInteger, any_, func, literal, select
from sqlalchemy.orm import Session

from geo.accounts.model import Account
from geo.audit.actions import Action
from geo.audit.notes import Note
from geo.audit.unusual import (
    POWERFUL,
    READS,
    PeopleRead,
    Person,
    ReaderFacts,
    Rule,
    Task,
    unusual,
)
from geo.clock import start_of
from geo.crypto.masks import mask_name
from geo.db.session import open_log
from geo.db.sql import statement
from geo.people.model import Household
from geo.work import Work
from geo.workforce.model import Assignment, Leave

WEEKS = 4
_USUAL_WEEKS = 8
_WEEK = timedelta(days=7)
_NAMED = 20
_AT_ONCE = 10_000
_ACTIONS = [action.value for action in READS]


@dataclass(frozen=True, slots=True)
class _Week:
    """A week as two instants, in a zone."""

    monday: date
    zone: str

    @property
    def since(self) -> datetime:
        return start_of(self.monday, self.zone)

    @property
    def until(self) -> datetime:
        return start_of(self.monday + _WEEK, self.zone)

    @property
    def before(self) -> datetime:
        """The beginning of the weeks that say what is usual."""
        return start_of(self.monday - _USUAL_WEEKS * _WEEK, self.zone)


def watch(work: Work, *, weeks: int = WEEKS) -> int:
    """Look through the last whole weeks and keep what looks unusual; return how many findings.

    Several weeks, because a server may have been off on a Monday; it may be repeated.
    """
    open_log(work.session)
    zone = str(work.session.scalar(select(func.current_setting("TimeZone"))))
    today = work.now.astimezone(ZoneInfo(zone)).date()
    this = today - timedelta(days=today.weekday())
    mondays = [this - ago * _WEEK for ago in range(1, weeks + 1)]
    found = sum(_watch_week(work.session, _Week(monday, zone)) for monday in mondays)
    after = {"weeks": [monday.isoformat() for monday in mondays], "findings": found}
    work.note(Note(Action.AUDIT_WATCH, subject_kind="finding", count=found, after=after))
    return found


def _watch_week(session: Session, week: _Week) -> int:
    values = {"since": week.since, "until": week.until, "actions": _ACTIONS}
    readers = session.scalars(statement("geo.oversight", "readers_of_week"), values).all()
    reads = sum(_watch_reader(session, week, account) for account in readers)
    return reads + _watch_powers(session, week)


def _watch_powers(session: Session, week: _Week) -> int:
    """Keep to whom powerful access was given in a week, and by whom; return how many."""
    values = {"since": week.since, "until": week.until, "roles": [role.value for role in POWERFUL]}
    rows = session.execute(statement("geo.oversight", "powers"), values).all()
    given: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        given[row.account].append(row)
    for account, acts in given.items():
        givers = list(dict.fromkeys(act.actor for act in acts))
        _keep(session, week, account, Rule.POWERS, [act.id for act in acts], givers)
    return len(given)


def _keep(
    session: Session,
    week: _Week,
    account: int,
    rule: Rule,
    records: Sequence[int],
    given_by: Sequence[str] = (),
) -> None:
    values = {
        "week": week.monday,
        "account": account,
        "rule": rule.value,
        "count": len(records),
        "examples": list(records[:_NAMED]),
        "given_by": list(given_by),
    }
    session.execute(statement("geo.oversight", "find"), values)


def _watch_reader(session: Session, week: _Week, account: int) -> int:
    reads = _reads(session, week, account)
    people = _people(session, sorted({one for read in reads for one in read.subjects}))
    found = unusual(_facts(session, week, account), reads, people)
    for rule, records in found.items():
        _keep(session, week, account, rule, records)
    return len(found)


def _reads(session: Session, week: _Week, account: int) -> list[PeopleRead]:
    values = {
        "account": account,
        "since": week.since,
        "until": week.until,
        "actions": _ACTIONS,
    }
    zone = ZoneInfo(week.zone)
    rows = session.execute(statement("geo.oversight", "reads"), values)
    return [
        PeopleRead(row.id, row.at.astimezone(zone), row.action, tuple(row.subjects)) for row in rows
    ]


def _people(session: Session, ids: Sequence[int]) -> dict[int, Person]:
    people: dict[int, Person] = {}
    query = select(Household.id, Household.path, Household.head_name_masked)
    for start in range(0, len(ids), _AT_ONCE):
        some = literal(ids[start : start + _AT_ONCE], ARRAY(BigInteger))
        for row in session.execute(query.where(Household.id == any_(some))):
            people[row.id] = Person(row.path, row.head_name_masked)
    return people


def _facts(session: Session, week: _Week, account: int) -> ReaderFacts:
    name, worker = session.execute(
        select(Account.name, Account.worker_id).where(Account.id == account)
    ).one()
    values = {
        "account": account,
        "since": week.before,
        "until": week.since,
        "actions": _ACTIONS,
    }
    days = session.scalars(statement("geo.oversight", "people_by_day"), values).all()
    tasks = None if worker is None else _tasks(session, worker)
    return ReaderFacts(mask_name(name), tasks, tuple(days))


def _tasks(session: Session, worker: int) -> tuple[Task, ...]:
    """Return what a worker was assigned to, and what of others while standing in for them."""
    query = select(Assignment.path, Assignment.valid_from, Assignment.valid_to)
    own = session.execute(query.where(Assignment.worker_id == worker)).all()
    since = func.greatest(Assignment.valid_from, Leave.begins_at)
    until = func.least(Assignment.valid_to, Leave.ends_at, Leave.ended_at)
    stood_in = session.execute(
        select(Assignment.path, since, until)
        .join(Leave, Leave.worker_id == Assignment.worker_id)
        .where(Leave.substitute_id == worker)
    ).all()
    return tuple(Task(path, since, until) for path, since, until in (*own, *stood_in))
