"""What OpenAPI says of the bodies of a batch: media types, schemas and examples of both ways."""

from typing import Any

from api.batches.forms import MEDIA, Form

_POINT: dict[str, Any] = {
    "oneOf": [
        {
            "type": "object",
            "required": ["lon", "lat"],
            "additionalProperties": False,
            "properties": {
                "id": {"type": ["string", "integer", "null"], "examples": ["case-1"]},
                "lon": {"type": "number"},
                "lat": {"type": "number"},
                "accuracy_m": {"type": "number"},
            },
        },
        {"type": "array", "prefixItems": [{"type": "number"}] * 2, "minItems": 2, "maxItems": 2},
    ]
}
_POINTS: dict[str, Any] = {"type": "array", "minItems": 1, "items": _POINT}
_SENT_CSV = "编号,经度,纬度\ncase-1,116.8,33.95\ncase-2,,33.96\n"
_TOLD_CSV = (
    '"row","id","code","codes","border_m","ambiguous","candidates","nearest_code","nearest_m",'
    '"error","detail"\n'
    '1,"case-1","340603002001","340603 > 340603002 > 340603002001",41.27,false,,,,,\n'
    '2,"case-2",,,,,,,,"coordinate_missing","longitude or latitude is empty"\n'
)
_BYTES: dict[str, Any] = {"type": "string", "contentEncoding": "binary"}
_TEXT: dict[str, Any] = {"type": ["string", "null"]}
_LIST: dict[str, Any] = {"type": "array", "items": {"type": "string"}}
_METRES: dict[str, Any] = {"type": ["number", "null"]}

_ROW: dict[str, Any] = {
    "type": "object",
    "required": ["row", "error", "detail"],
    "properties": {
        "row": {"type": "integer", "minimum": 1},
        "id": {"type": ["string", "integer", "null"]},
        "code": _TEXT,
        "name": _TEXT,
        "codes": _LIST,
        "names": _LIST,
        "border_m": _METRES,
        "ambiguous": {"type": ["boolean", "null"]},
        "candidates": _LIST,
        "nearest_code": _TEXT,
        "nearest_m": _METRES,
        "lon": _METRES,
        "lat": _METRES,
        "version": {"type": "integer"},
        "team": _TEXT,
        "reason": _TEXT,
        "error": _TEXT,
        "detail": _TEXT,
    },
}
_TOLD: dict[str, Any] = {
    "type": "object",
    "required": ["version", "as_of", "source_crs", "results"],
    "properties": {
        "version": {"type": "integer"},
        "as_of": {"type": "string", "format": "date-time"},
        "source_crs": {"type": "string"},
        "results": {"type": "array", "items": _ROW},
    },
}

REQUEST: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            MEDIA[Form.JSON]: {
                "schema": {
                    "oneOf": [
                        _POINTS,
                        {
                            "type": "object",
                            "required": ["points"],
                            "additionalProperties": False,
                            "properties": {"points": _POINTS},
                        },
                    ]
                },
                "example": [{"id": "case-1", "lon": 116.8, "lat": 33.95}],
            },
            MEDIA[Form.CSV]: {"schema": {"type": "string"}, "example": _SENT_CSV},
            MEDIA[Form.ARROW]: {"schema": _BYTES},
        },
    }
}
RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "headers": {
            "Wangge-Version": {"schema": {"type": "integer"}},
            "Wangge-As-Of": {"schema": {"type": "string", "format": "date-time"}},
        },
        "content": {
            MEDIA[Form.JSON]: {"schema": _TOLD},
            MEDIA[Form.CSV]: {"schema": {"type": "string"}, "example": _TOLD_CSV},
            MEDIA[Form.ARROW]: {"schema": _BYTES},
        },
    }
}
