"""GeoJSON answers (RFC 7946): shapes come as text from the database and are never parsed here."""

from collections.abc import Iterable
from typing import Any

import orjson
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

MEDIA_TYPE = "application/geo+json"

RESPONSE: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            MEDIA_TYPE: {
                "schema": {
                    "type": "object",
                    "required": ["type"],
                    "properties": {"type": {"enum": ["Feature", "FeatureCollection"]}},
                }
            }
        }
    }
}


def is_wanted(request: Request, named: str | None) -> bool:
    """Return whether a client wants GeoJSON: by ``f``, or by naming it first in ``Accept``."""
    if named is not None:
        return named == "geojson"
    accepted = request.headers.get("accept", "")
    first = accepted.partition(",")[0].partition(";")[0].strip().lower()
    return first == MEDIA_TYPE


def feature(body: BaseModel, shape: str | None) -> dict[str, Any]:
    """Return a feature: the body's fields as properties, its id, its shape or null."""
    properties = body.model_dump(mode="json", exclude={"id", "bbox", "point"})
    return {
        "type": "Feature",
        "id": body.model_dump(mode="json", include={"id"})["id"],
        "geometry": None if shape is None else orjson.Fragment(shape),
        "properties": properties,
    }


def collection(
    features: Iterable[dict[str, Any]], following: str | None, **members: object
) -> Response:
    """Return a page of features; ``members`` are further ones of the collection."""
    listed = list(features)
    links = [{"rel": "next", "href": following, "type": MEDIA_TYPE}] if following else []
    body = {
        "type": "FeatureCollection",
        **members,
        "numberReturned": len(listed),
        "links": links,
        "features": listed,
    }
    headers = {"Link": f'<{following}>; rel="next"; type="{MEDIA_TYPE}"'} if following else None
    return answer(body, headers)


def answer(body: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    """Return a feature or a collection as an answer."""
    return Response(orjson.dumps(body), headers=headers, media_type=MEDIA_TYPE)
