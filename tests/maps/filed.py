"""The file of an invented person, for the sheet that prints it."""

from datetime import UTC, date, datetime

from geo.audit.readers import Read
from geo.people.file import Dwelling, FiledDuty, FiledRequest, PersonFile

KINDS = {"owner_occupied": "自住"}


def person(*, bare: bool = False) -> PersonFile:
    """All parts filled; ``bare``: nothing but the household."""
    moment = datetime(2026, 11, 1, 2, tzinfo=UTC)
    duty = FiledDuty("building_head", "骆平川", datetime(2026, 1, 1, tzinfo=UTC), None)
    asked = FiledRequest(
        id=7,
        kind="correction",
        received_at=moment,
        due_on=date(2026, 11, 16),
        recorded_by="grid_worker",
        wish="手机号已更换",
        corrections={"head_phone": "13900001111"},
        state="done",
        outcome="已更正",
        decided_by="community_admin",
        decided_at=moment,
    )
    seen = datetime(2026, 11, 20, 2, tzinfo=UTC)
    before = datetime(2026, 11, 19, 2, tzinfo=UTC)
    readers = (
        Read("grid_worker", "周若谷", "people.reveal", 2, seen, seen, "电话回访"),
        Read("zhao", "赵敏", "people.correct", 1, before, before, "data_request 7"),
        Read("system:demo", None, "people.import", 1, before, before, ""),
        Read("<b>${x}</b>", None, "of.old", 40, before, before, ""),
    )
    return PersonFile(
        made_at=datetime(2026, 11, 22, 3, 5, tzinfo=UTC),
        made_by="community_admin",
        made_by_name="王小雨",
        household_id=41235,
        head_name="王知远",
        head_phone="13800005678",
        head_id_number="",
        occupancy="owner_occupied",
        persons=3,
        since=date(2019, 5, 1),
        ended_on=None,
        objected_at=None,
        erased_at=None,
        dwelling=Dwelling(
            building_code="b30",
            building_name="30号楼",
            address="新安街18号",
            stairwell=2,
            floor=5,
            number="502",
            cells=(("340603", "相山区"), ("340603002", "东街道")),
        ),
        duties=() if bare else (duty,),
        requests=() if bare else (asked,),
        readers=() if bare else readers,
    )
