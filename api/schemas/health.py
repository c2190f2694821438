"""Bodies of the probes."""

from typing import Literal

from pydantic import BaseModel, Field


class HealthBody(BaseModel):
    """The process lives; ``pid`` lets a second ``wangge up`` know its own."""

    status: Literal["ok"]
    pid: int


class ReadyBody(BaseModel):
    """Requests can be served; ``revision`` is that of the schema."""

    status: Literal["ready"]
    revision: str
    remarks: list[Literal["sealer_ailing"]] = Field(
        description="What ails although requests are served: the audit is not being sealed"
    )
