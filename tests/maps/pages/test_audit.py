"""The page of the audit: every action can be asked for, under a word."""

import re

from geo.access.roles import Role
from geo.audit.actions import Action
from maps.pages.audit import GROUPS, audit_page, group_of
from tests.maps import views


def test_every_action_is_offered_once() -> None:
    html = audit_page(views.view(role=Role.AUDIT_ADMIN))
    select = html.split('id="action"')[1].split("</select>")[0]

    assert sorted(re.findall(r'value="([^"]+)"', select)) == sorted(
        action.value for action in Action
    )


def test_every_action_is_of_a_group_that_is_shown() -> None:
    assert {group_of(action) for action in Action} == set(GROUPS)
