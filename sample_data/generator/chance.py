"""Random numbers that are the same on every machine.

numpy promises the bit stream of PCG64, not what its distributions make of it, and exp, log and powers may differ in
the last bit between processors. So everything here is made of `random()`, sums and products.
"""

from collections.abc import Sequence
from zlib import crc32

import numpy as np

from generator.truths import SEED

Floats = np.ndarray


def stream(name: str) -> np.random.Generator:
    """An own stream per purpose, so that a change in one leaves the others as they were."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([SEED, crc32(name.encode())])))


def bell(rng: np.random.Generator, shape: int | tuple[int, ...]) -> Floats:
    """Nearly normal values, mean 0, standard deviation 1: twelve uniform ones less six."""
    total = rng.random(shape)
    for _ in range(11):
        total = total + rng.random(shape)
    return total - 6.0


def pick(draws: Floats, shares: Sequence[float]) -> np.ndarray:
    """Index of the share each draw in [0, 1) falls into."""
    chosen = np.zeros(np.shape(draws), dtype=np.int64)
    edge = 0.0
    for share in shares[:-1]:
        edge += share
        chosen += draws >= edge
    return chosen


def whole(draws: Floats, low: int, high: int) -> np.ndarray:
    """Whole numbers from low to high, both included."""
    return low + np.floor(draws * (high - low + 1)).astype(np.int64)
