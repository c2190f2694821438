"""Bodies of the probes."""

from typing import Literal

from pydantic import BaseModel, Field


class HealthBody(BaseModel):
    """The process lives; ``pid`` lets a second ``wangge up`` know its own."""

    status: Literal["ok"]
    pid: int


class ReadyBody(BaseModel):
    """Requests can be served; ``revision``, of the schema, and remarks are for this machine."""

    status: Literal["ready"]
    revision: str | None = None
    remarks: list[Literal["sealer_ailing"]] = Field(
        default=[],
        description="What ails although requests are served: the audit is not being sealed",
    )
