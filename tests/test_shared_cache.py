"""What is computed once for all visitors: once at a time, not without end, and never a failure."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from kviboard.caching import LatestCache, object_cache, shared_cache


def test_threads_that_ask_at_once_share_one_computation() -> None:
    asked, computing, calls = threading.Barrier(8), threading.Event(), []

    @shared_cache(most=4)
    def slow(number: int) -> object:
        calls.append(number)
        computing.wait(5)
        return object()

    def ask(_: int) -> object:
        asked.wait(5)
        return slow(1)

    with ThreadPoolExecutor(8) as pool:
        found = [pool.submit(ask, number) for number in range(8)]
        threading.Timer(0.2, computing.set).start()
        results = [future.result(10) for future in found]
    assert calls == [1]
    assert all(result is results[0] for result in results)


def test_a_slow_result_does_not_hold_up_others() -> None:
    release = threading.Event()

    @shared_cache(most=4)
    def twice(number: int) -> int:
        if number == 1:
            assert release.wait(5)
        return 2 * number

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(twice, 1)
        assert twice(2) == 4
        assert not slow.done()
        release.set()
        assert slow.result(5) == 2


def test_no_more_than_the_newest_results_are_kept() -> None:
    calls: list[int] = []

    @shared_cache(most=3)
    def noted(number: int) -> int:
        calls.append(number)
        return number

    for number in (1, 2, 3, 1, 4, 1, 2):
        assert noted(number) == number
    assert calls == [1, 2, 3, 4, 2]  # 4 took the place of 2, which was asked for longest ago


def test_what_fails_is_tried_again() -> None:
    outcomes: list[Callable[[], int]] = [lambda: 1 // 0, lambda: 7]

    @shared_cache(most=3)
    def flaky() -> int:
        return outcomes.pop(0)()

    with pytest.raises(ZeroDivisionError):
        flaky()
    assert flaky() == 7
    assert flaky() == 7


def test_arguments_that_only_say_how_to_compute_do_not_tell_results_apart() -> None:
    @shared_cache(most=3, by=1)
    def noted(number: int, how: list[int]) -> int:
        how.append(number)
        return number

    calls: list[int] = []
    assert [noted(1, calls), noted(1, [9]), noted(2, calls)] == [1, 1, 2]
    assert calls == [1, 2]


def test_an_object_has_a_cache_of_its_own() -> None:
    mine, other = object_cache(2), object_cache(2)
    assert [mine("a", lambda: 1), mine("a", lambda: 2), other("a", lambda: 3)] == [1, 1, 3]
    mine("b", lambda: 0)
    mine("c", lambda: 0)  # takes the place of the oldest
    assert mine("a", lambda: 4) == 4


def test_the_latest_result_is_made_anew_where_what_it_is_made_from_has_changed() -> None:
    latest = LatestCache(1)
    assert [latest("a", [1], lambda: "old"), latest("a", [1], lambda: "not made")] == ["old", "old"]
    assert [latest("a", [2], lambda: "new"), latest("a", [1], lambda: "again")] == ["new", "again"]
    latest("b", [1], lambda: "")  # takes the place of a
    assert latest("a", [1], lambda: "anew") == "anew"
