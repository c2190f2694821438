"""Roles: what each may do, as the one table says."""

from fastapi import APIRouter

from api.access import API
from api.schemas.accounts import RoleBody, RoleListBody
from geo.access.roles import ROLES

router = APIRouter(prefix=f"{API}/roles", tags=["accounts"])


@router.get("", response_model=RoleListBody)
async def list_roles() -> RoleListBody:
    """List the roles and what each may do."""
    return RoleListBody(items=[RoleBody.of(role, rule) for role, rule in ROLES.items()], next=None)
