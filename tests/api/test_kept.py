"""What is kept for a moment."""

import threading

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


def test_it_never_holds_more_than_it_may_and_the_one_not_asked_for_goes() -> None:
    kept: Kept[int, int] = Kept(60.0, most=2)
    kept.keep(0, 0)
    kept.keep(1, 1)
    kept.get(0)
    kept.keep(2, 2)

    assert [kept.get(number) for number in range(3)] == [0, None, 2]
    assert len(kept) == 2


def test_a_value_made_anew_takes_nobodys_place() -> None:
    kept: Kept[int, int] = Kept(60.0, most=2)
    for key, value in ((0, 0), (1, 1), (1, 2)):
        kept.keep(key, value)

    assert [kept.get(0), kept.get(1)] == [0, 2]


def test_what_is_too_old_takes_no_room() -> None:
    clock = Clock()
    kept: Kept[int, int] = Kept(60.0, clock=clock)
    kept.keep(0, 0)
    clock.now += 60

    assert kept.get(0) is None
    assert len(kept) == 0


def test_everything_may_be_forgotten() -> None:
    kept: Kept[int, int] = Kept(60.0)
    kept.keep(0, 0)
    kept.clear()

    assert kept.get(0) is None


def test_a_value_is_not_put_out_by_another_thread_while_it_is_taken() -> None:
    """Between finding a value and marking it as asked for, the clock is read: there others come."""
    others: list[threading.Thread] = []

    def clock() -> float:
        while others:
            other = others.pop()
            other.start()
            other.join(0.2)  # it waits for us; without a lock it is done by then
        return 0.0

    kept: Kept[int, int] = Kept(60.0, most=2, clock=clock)
    kept.keep(0, 0)
    filling = threading.Thread(target=lambda: [kept.keep(key, key) for key in (1, 2, 3)])
    others.append(filling)

    assert kept.get(0) == 0
    filling.join()
    assert [kept.get(key) for key in range(4)] == [None, None, 2, 3]
