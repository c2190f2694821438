"""Cells of plans as files over HTTP: what comes in is read whole, what goes out is written once."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.geojson import MEDIA_TYPE as GEOJSON
from api.intake import PLAN_FILE_MAX
from api.media import MediaTypeRefused
from geo.exchange.plan_cells import cells_frame, read_cells, write_cells
from geo.grid.plans.ground import CellsFile
from geo.grid.plans.impact import loads, owners
from geo.grid.plans.opening import Opened

GPKG = "application/geopackage+sqlite3"
_SUFFIXES: Mapping[str, str] = {
    GEOJSON: ".geojson", "application/json": ".geojson", GPKG: ".gpkg",
}  # fmt: skip
_BINARY: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
_OBJECT: dict[str, Any] = {"schema": {"type": "object", "required": ["type"]}}

REQUEST: dict[str, Any] = {
    "requestBody": {"required": True, "content": {GEOJSON: _OBJECT, GPKG: _BINARY}}
}
RESPONSES: dict[int | str, dict[str, Any]] = {200: {"content": {GEOJSON: _OBJECT, GPKG: _BINARY}}}


async def plan_file(request: Request) -> tuple[bytes, str]:
    """Return the file of a request with its suffix.

    Raises
    ------
    MediaTypeRefused
        When it is neither GeoJSON nor a GeoPackage.
    HTTPException
        413 when it is too large.
    """
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in _SUFFIXES:
        raise MediaTypeRefused(known=", ".join(_SUFFIXES), given=media)
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > PLAN_FILE_MAX:
            raise HTTPException(413)
    return bytes(body), _SUFFIXES[media]


PlanFile = Annotated[tuple[bytes, str], Depends(plan_file)]


def cells_of(file: tuple[bytes, str], crs: str | None) -> CellsFile:
    """Return the cells of a file, on the storage grid."""
    body, suffix = file
    with TemporaryDirectory(prefix="wangge-plan-") as folder:
        path = Path(folder, f"cells{suffix}")
        path.write_bytes(body)
        return read_cells(path, crs, is_sent=True)


def cells_file(found: Opened, suffix: str) -> Response:
    """Return the leaves of a draft as a file to be kept."""
    stock = found.known.stock()
    frame = cells_frame(found.draft, loads(owners(found.draft, stock), stock))
    with TemporaryDirectory(prefix="wangge-plan-") as folder:
        path = Path(folder, f"cells{suffix}")
        write_cells(frame, path)
        body = path.read_bytes()
    name = f"plan-{found.plan.id}{suffix}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, headers=headers, media_type=GPKG if suffix == ".gpkg" else GEOJSON)
