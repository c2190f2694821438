"""Imports every model, so that ``Base.metadata`` is whole: for migrations and tests."""

from geo.accounts import model as _accounts
from geo.audit import model as _audit
from geo.crypto import model as _crypto
from geo.db import changes as _changes
from geo.db.base import Base
from geo.db.policies import SCOPED
from geo.grid import model as _grid
from geo.grid.plans import model as _plans
from geo.jobs import model as _jobs
from geo.people import model as _people
from geo.places import model as _places
from geo.places.addresses import model as _names
from geo.workforce import model as _workforce

__all__ = ["METADATA", "SCOPED"]

METADATA = Base.metadata
_MODELS = (
    _accounts, _audit, _changes, _crypto, _grid, _jobs, _names, _people, _places, _plans,
    _workforce,
)  # fmt: skip
