"""Phones and ID numbers of the demo are well formed, apart from one another, and nobody's."""

import numpy as np
import pytest

from geo.crypto.id_numbers import id_number_flaw
from geo.crypto.masks import mask_id_number, mask_phone
from geo.demo.contacts import contacts
from geo.demo.town import Town


def test_phones_are_of_a_form_that_no_subscriber_has(town: Town) -> None:
    phones = town.households["head_phone"]
    given = phones[phones != ""]

    assert given.str.fullmatch(r"144\d{8}").all()  # 144 opens numbers of thirteen digits
    assert given.is_unique
    assert given.map(mask_phone).str.fullmatch(r"144\*{4}\d{4}").all()


def test_id_numbers_follow_the_standard_in_a_division_that_does_not_exist(town: Town) -> None:
    numbers = town.households["head_id_number"]
    given = numbers[numbers != ""]

    assert given.map(id_number_flaw).isna().all()
    assert given.str.startswith("340699").all()
    assert given.is_unique
    assert given.map(mask_id_number).str.fullmatch(r"340\*{11}\d{3}[\dX]").all()


def test_who_lives_nowhere_has_neither_and_some_gave_none(town: Town) -> None:
    vacant = town.households["head_name"] == ""

    for column in ("head_phone", "head_id_number"):
        missing = town.households[column] == ""
        assert missing[vacant].all()
        assert 0.02 < missing[~vacant].mean() < 0.1


@pytest.mark.long
def test_the_largest_town_has_enough_of_them() -> None:
    phones, numbers = contacts(7, np.full(900_000, "某", dtype=object))

    assert len(set(phones[phones != ""])) == (phones != "").sum() > 850_000
    assert len(set(numbers[numbers != ""])) == (numbers != "").sum() > 800_000


def test_the_same_seed_gives_the_same_and_another_seed_others() -> None:
    heads = np.array(["某"] * 50 + [""], dtype=object)
    first, again, other = contacts(7, heads), contacts(7, heads), contacts(8, heads)

    assert (first[0] == again[0]).all()
    assert (first[1] == again[1]).all()
    assert not (first[0] == other[0])[:50].all()
