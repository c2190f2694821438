"""The body of a check's report."""

from typing import Self

from pydantic import BaseModel, Field

from geo.checks.report import Report
from geo.texts import Lang, text


class CellBody(BaseModel):
    """The cell that was checked."""

    code: str
    name: str


class CountsBody(BaseModel):
    """How much the area holds."""

    cells: dict[str, int] = Field(description="Cells by level, 1 to 5")
    buildings: int
    households: int
    residents: int
    residents_are: str = Field(description="What the number of residents is")
    households_uncounted: int = Field(description="Households whose persons are not known")


class CoverageBody(BaseModel):
    """Whether the leaves tile."""

    valid: bool
    gap_m2: float
    overlap_m2: float


class NestingBody(BaseModel):
    """Whether upper cells are the union of their children."""

    valid: bool
    mismatch_m2: float


class PlaceBody(BaseModel):
    """Somewhere something is wrong."""

    kind: str
    detail: str
    codes: list[str]
    lon: float | None
    lat: float | None
    area_m2: float | None


class ReportBody(BaseModel):
    """What a check found."""

    ok: bool
    cell: CellBody | None = Field(description="None: everything was checked")
    version: int = Field(description="Publication number")
    counts: CountsBody
    coverage: CoverageBody
    nesting: NestingBody
    buildings_outside: int
    places: list[PlaceBody]

    @classmethod
    def of(cls, report: Report, lang: Lang) -> Self:
        """Return the body of a report."""
        counts = report.counts
        return cls(
            ok=report.ok,
            cell=CellBody(code=report.cell_code, name=report.cell_name)
            if report.cell_code
            else None,
            version=report.version,
            counts=CountsBody(
                cells={str(level): count for level, count in counts.cells.items()},
                buildings=counts.buildings,
                households=counts.households,
                residents=counts.residents,
                residents_are=text("check.residents_are", lang),
                households_uncounted=counts.households_uncounted,
            ),
            coverage=CoverageBody(
                valid=report.coverage_valid,
                gap_m2=round(report.gap_m2, 3),
                overlap_m2=round(report.overlap_m2, 3),
            ),
            nesting=NestingBody(
                valid=report.nesting_m2 == 0.0, mismatch_m2=round(report.nesting_m2, 3)
            ),
            buildings_outside=report.buildings_outside,
            places=[
                PlaceBody(
                    kind=place.kind,
                    detail=text(f"check.{place.kind}", lang, codes=", ".join(place.codes)),
                    codes=list(place.codes),
                    lon=place.lon,
                    lat=place.lat,
                    area_m2=place.area_m2,
                )
                for place in report.places
            ],
        )
