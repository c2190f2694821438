"""Visits of pages: by nobody, and by somebody signed in with all permissions or some."""

from geo.access.roles import ROLES, Permission, Role
from geo.texts import Lang
from maps import assets
from maps.pages.shell import View, Viewer

NONCE = "n0nce"
CSRF = "c" * 64


def view(
    lang: Lang = "zh", *, role: Role | None = None, static_root: str = "", address: str = "/"
) -> View:
    """A view by somebody with a role; without one, by nobody in particular."""
    viewer = None if role is None else viewer_of(role)
    root = static_root or assets.static_root()
    return View(lang, NONCE, root, address, "Asia/Shanghai", demo=True, viewer=viewer)


def viewer_of(role: Role, name: str = "陶一禾") -> Viewer:
    permissions: frozenset[Permission] = ROLES[role].permissions
    return Viewer(role.value, name, "供电社区", permissions, CSRF, 1800, "供电社区")
