"""What is kept for a moment."""

from api.kept import Kept


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_value_is_given_again_until_its_time_is_over() -> None:
    clock = Clock()
    kept: Kept[str, int] = Kept(60.0, clock=clock)
    assert kept.get("a") is None
    assert kept.keep("a", 1) == 1
    clock.now += 59.9
    assert kept.get("a") == 1
    clock.now += 0.1
    assert kept.get("a") is None


def test_it_never_holds_more_than_it_may() -> None:
    kept: Kept[int, int] = Kept(60.0, most=2)
    for number in range(3):
        kept.keep(number, number)

    assert [kept.get(number) for number in range(3)] == [None, None, 2]
