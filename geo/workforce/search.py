"""How workers are found by a part of the name or by how the code begins.

Below the row policy ``LIKE`` reads every worker there is, and so it would for a letter that nobody
bears. So triggers keep the words of each worker in ``worker_word``: all that stand in the name of
up to three characters, and every beginning of the code. Equality is leakproof and the index goes on
with the path, so that a page is read in its order and no further, however many bear the word.

A longer part of a name is looked for by its last three characters, since names begin alike more
often than they end, and held against the whole name.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select, union

from geo.db.paging import AnySelect, Page, PathRange, in_path_order
from geo.workforce.model import Worker, WorkerWord

# As long as the words of a name are, see migrations/sql/0010_worker_words.sql.
_LONGEST = 3


def found_by(
    words: str,
    conditions: Sequence[ColumnElement[bool]],
    bounds: PathRange | None,
    page: Page,
) -> AnySelect:
    """Return the query of a page's ids: whose name has the words, or whose code begins so.

    Parameters
    ----------
    words : one character or more, as they stand in the name or the code
    conditions : on ``Worker``, for whoever is found
    """
    ways = [(WorkerWord.word == words, *conditions)]
    if len(words) > _LONGEST:
        named = Worker.name.contains(words, autoescape=True)
        ways.append((WorkerWord.word == words[-_LONGEST:], named, *conditions))
    each = [_page_of(way, bounds, page).subquery() for way in ways]
    found = union(*(select(one.c.worker_id) for one in each)).subquery("found")
    return select(found.c.worker_id)


def _page_of(
    conditions: Sequence[ColumnElement[bool]], bounds: PathRange | None, page: Page
) -> AnySelect:
    query: AnySelect = select(WorkerWord.worker_id).join(Worker, Worker.id == WorkerWord.worker_id)
    place = (WorkerWord.path, WorkerWord.worker_id)
    return in_path_order(query.where(*conditions), place, bounds, page)
