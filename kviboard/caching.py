"""The one cache for what is computed once for all visitors: bounded, and safe to ask from many threads.

`shared_cache` keeps what a function returns; `object_cache` and `LatestCache` belong to one object and go with it.
What depends on nothing but constants uses functools.cache instead; what one object computes of itself,
functools.cached_property.
"""

from collections.abc import Callable, Hashable
from threading import Condition, Lock
from typing import Protocol, TypeVar

from cachetools import LRUCache, cached

Function = TypeVar("Function", bound=Callable[..., object])
Result = TypeVar("Result")


def shared_cache(most: int, by: int | None = None) -> Callable[[Function], Function]:
    """Keep a function's results for the last `most` different arguments, which can be hashed.

    With `by`, only the first so many arguments tell results apart; the others say how to compute one.

    Each result is computed once, however many threads ask for it at a time; what it raises is not kept. Results are
    shared: do not change them. (st.cache_resource does the same but walks through every argument at each call, some
    0.1 ms ten or twenty times in a run of a page.)
    """
    if by is None:
        return cached(LRUCache(most), condition=Condition())  # type: ignore[return-value]
    return cached(LRUCache(most), key=lambda *given: given[:by], condition=Condition())  # type: ignore[return-value]


class ObjectCache(Protocol):
    """What was made under a key, made now where it is not there yet."""

    def __call__(self, key: Hashable, make: Callable[[], Result]) -> Result: ...


def object_cache(most: int) -> ObjectCache:
    """A cache for one object: `kept(key, make)` makes what is not among the last `most` keys, once for all threads."""
    return shared_cache(most, by=1)(lambda key, make: make())


class LatestCache:
    """The latest result under each of `most` keys; made anew where what it was made from has changed."""

    def __init__(self, most: int) -> None:
        self._kept: LRUCache[Hashable, tuple[object, object]] = LRUCache(most)
        self._lock = Lock()

    def __call__(self, key: Hashable, made_from: object, make: Callable[[], Result]) -> Result:
        with self._lock:
            found = self._kept.get(key)
        if found is not None and found[0] == made_from:
            return found[1]  # type: ignore[return-value]
        result = make()
        with self._lock:
            self._kept[key] = (made_from, result)
        return result
