"""Numbers of addresses, read by hand from how forms, parcels and callers write them."""

import pytest

from geo.places.addresses.parts import numbers, plate, spoken
from geo.places.addresses.script import fold

# Written so → door, building, number, either, stairwell, floor, room.
READ = {
    "人民路18号": {"door": "18"},
    "人民路18": {"door": "18"},
    "人民路18号附3号": {"door": "18-3"},
    "人民路18号院3号楼": {"door": "18", "building": "3"},
    "人民路18号3-2-501": {"door": "18", "building": "3", "stairwell": "2", "room": "501"},
    "建设路25号3幢502室": {"door": "25", "building": "3", "room": "502"},
    "幸福小区三号楼二单元五〇三室": {"building": "3", "stairwell": "2", "room": "503"},
    "幸福小区3#2单元501": {"building": "3", "stairwell": "2", "room": "501"},
    "幸福小区 3 2 501": {"building": "3", "stairwell": "2", "room": "501"},
    "幸福小区3-501": {"building": "3", "room": "501"},
    "幸福小区3栋2门501": {"building": "3", "stairwell": "2", "room": "501"},
    "幸福小区3栋5楼501": {"building": "3", "floor": "5", "room": "501"},
    "幸福小区3楼2单元": {"building": "3", "stairwell": "2"},
    "幸福小区3栋502号": {"building": "3", "room": "502"},
    "幸福小区12号": {"number": "12"},
    "李庄三组12号": {"number": "12"},
    "中山大厦5楼": {"either": "5"},
    "幸福小区A座1203": {"building": "a", "room": "1203"},
    "甲3号楼": {"building": "甲3"},
    "12-1号楼": {"building": "12-1"},
    "东楼301": {"building": "东", "room": "301"},
    "幸福小区西门": {},
    "锦绣华庭2期": {},
    "xingfuxiaoqu 3 haolou 2 danyuan": {"building": "3", "stairwell": "2"},
    "幸福小区3好搂2弹元": {"building": "3", "stairwell": "2"},
}


@pytest.mark.parametrize(("text", "said"), READ.items())
def test_numbers_are_read_as_they_are_meant(text: str, said: dict[str, str]) -> None:
    found = numbers(spoken(fold(text)))

    names = ("door", "building", "number", "either", "stairwell", "floor", "room")
    assert {name: value for name in names if (value := getattr(found, name))} == said


@pytest.mark.parametrize(
    ("text", "key"), [("03号楼", "3"), ("3栋", "3"), ("3#", "3"), ("18号之1", "18-1"), ("楼", "")]
)
def test_signs_and_zeros_do_not_tell_numbers_apart(text: str, key: str) -> None:
    assert plate(fold(text)) == key
