"""Operations of boundary plans as JSON Schema; ``geo.grid.plans.reading`` takes them apart."""

from typing import Any

Schema = dict[str, Any]

_CODE: Schema = {"type": "string", "minLength": 1, "maxLength": 64}
_NAME: Schema = {"type": "string", "minLength": 1, "maxLength": 60}
_POSITION: Schema = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 3}
_LINE: Schema = {"type": "array", "items": _POSITION, "minItems": 2}
_POLYGON: Schema = {
    "type": "object",
    "required": ["type", "coordinates"],
    "properties": {
        "type": {"enum": ["Polygon", "MultiPolygon"]},
        "coordinates": {"type": "array", "items": {}},
    },
}
_CODES: Schema = {"type": "array", "items": _CODE, "minItems": 1}
_PART: Schema = {
    "type": "object",
    "required": ["polygon"],
    "properties": {"name": _NAME, "polygon": _POLYGON, "code": _CODE},
}

# Operation → required fields, then others.
_FIELDS: dict[str, tuple[Schema, Schema]] = {
    "split": (
        {"cell": _CODE},
        {
            "line": _LINE,
            "polygon": _POLYGON,
            "names": {"type": "array", "items": {"type": ["string", "null"]}},
            "keep_at": _POSITION,
            "codes": _CODES,
        },
    ),
    "merge": ({"cells": _CODES, "into": _CODE}, {}),
    "move_border": ({"cells": _CODES, "line": _LINE}, {}),
    "move_vertex": ({"at": _POSITION, "to": _POSITION}, {}),
    "transfer": ({"to": _CODE}, {"area": _POLYGON, "buildings": _CODES}),
    "add": ({"parent": _CODE, "name": _NAME, "polygon": _POLYGON}, {"code": _CODE}),
    "replace": (
        {"cells": _CODES, "parts": {"type": "array", "items": _PART, "minItems": 1}},
        {"parent": _CODE},
    ),
    "rename": ({"cell": _CODE, "name": _NAME}, {}),
    "reparent": ({"cell": _CODE, "parent": _CODE}, {}),
    "restore": ({"publication": {"type": "integer", "minimum": 1}}, {"cells": _CODES}),
}

OPERATION: Schema = {
    "oneOf": [
        {
            "title": f"{name.title().replace('_', '')}Operation",
            "type": "object",
            "required": ["op", *needed],
            "properties": {"op": {"const": name}, **needed, **others},
        }
        for name, (needed, others) in _FIELDS.items()
    ]
}
OPERATIONS: Schema = {"type": "array", "items": OPERATION, "minItems": 1}
