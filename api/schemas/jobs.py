"""Bodies and queries of jobs."""

from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from api.params import Words
from api.schemas.lists import IdText, ListBody, PageQuery
from geo.jobs.model import ANSWER, Job, JobState


class JobsQuery(PageQuery):
    """Which jobs."""

    kind: Words | None = None
    state: JobState | None = None


class JobBody(BaseModel):
    """A piece of long work: how far it is, and how it ended. What it was given stays inside."""

    model_config = ConfigDict(from_attributes=True)

    id: IdText
    kind: str
    state: str
    actor: str
    step: str
    done: int
    total: int
    attempts: int
    created_at: datetime
    run_at: datetime
    finished_at: datetime | None
    result: dict[str, Any] | None
    error: str | None

    @classmethod
    def of(cls, row: Job) -> Self:
        """Return the body of a job, without what only its asker is given."""
        body = cls.model_validate(row)
        if body.result is not None:
            body.result = {name: value for name, value in body.result.items() if name != ANSWER}
        return body


class JobListBody(ListBody[JobBody]):
    """A page of jobs, newest first."""
