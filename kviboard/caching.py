"""The one cache for what is computed once for all visitors: bounded, and safe to ask from many threads.

What depends on nothing but constants uses functools.cache instead; what one object computes of itself,
functools.cached_property.
"""

from collections.abc import Callable
from threading import Condition
from typing import TypeVar

from cachetools import LRUCache, cached

Function = TypeVar("Function", bound=Callable[..., object])


def shared_cache(most: int) -> Callable[[Function], Function]:
    """Keep a function's results for the last `most` different arguments, which can be hashed.

    Each result is computed once, however many threads ask for it at a time; what it raises is not kept. Results are
    shared: do not change them. (st.cache_resource does the same but walks through every argument at each call, some
    0.1 ms ten or twenty times in a run of a page.)
    """
    return cached(LRUCache(most), condition=Condition())  # type: ignore[return-value]
