"""Keeps what was computed for all visitors, by arguments that can be hashed.

It does for them what st.cache_resource does, which walks through every argument again at each call: some 0.1 ms, ten or
twenty times in a run of a page.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import update_wrapper
from threading import Lock
from typing import Any, Generic, TypeVar

Result = TypeVar("Result")


class _Place(Generic[Result]):
    """Where one result is kept; whoever comes while it is computed waits for it."""

    def __init__(self) -> None:
        self.computing = Lock()
        self.results: list[Result] = []


class Kept(Generic[Result]):
    """A function whose newest results are kept, each computed once however many ask at a time. Shared: do not change.

    What it raises is not kept.
    """

    def __init__(self, compute: Callable[..., Result], most: int) -> None:
        self._compute, self._most = compute, most
        self._places: OrderedDict[tuple[Hashable, ...], _Place[Result]] = OrderedDict()
        self._finding = Lock()
        update_wrapper(self, compute)

    def __call__(self, *arguments: Any) -> Result:
        place = self._place(arguments)
        if not place.results:
            with place.computing:
                if not place.results:
                    place.results.append(self._compute(*arguments))
        return place.results[0]

    def clear(self) -> None:
        """Forget everything."""
        with self._finding:
            self._places.clear()

    def _place(self, arguments: tuple[Hashable, ...]) -> _Place[Result]:
        with self._finding:
            place = self._places.get(arguments)
            if place is None:
                place = self._places[arguments] = _Place()
                if len(self._places) > self._most:
                    self._places.popitem(last=False)
            else:
                self._places.move_to_end(arguments)
            return place


def kept(most: int) -> Callable[[Callable[..., Result]], Kept[Result]]:
    """Keep the results of the last `most` different arguments of a function."""
    return lambda compute: Kept(compute, most)
