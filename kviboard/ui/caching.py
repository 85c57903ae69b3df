"""Keeps what was computed for all visitors, by arguments that can be hashed.

It does for them what st.cache_resource does, which walks through every argument again at each call: some 0.1 ms, ten or
twenty times in a run of a page.
"""

from collections.abc import Callable
from threading import Condition
from typing import TypeVar

from cachetools import LRUCache, cached

Function = TypeVar("Function", bound=Callable[..., object])


def kept(most: int) -> Callable[[Function], Function]:
    """Keep the results of the last `most` different arguments of a function, each computed once however many ask at a
    time. What it raises is not kept. Results are shared: do not change them."""
    return cached(LRUCache(most), condition=Condition())  # type: ignore[return-value]
