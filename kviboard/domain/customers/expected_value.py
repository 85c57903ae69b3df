"""What customers will probably order and spend: BG/NBD for orders, gamma-gamma for amounts. Trying them is `trial`'s.

Customers order at random at a rate of their own, may leave for good after any order, and spend around an average of
their own; how rates, leavings and averages differ between customers is fitted by maximum likelihood. Subscriptions that
renew like clockwork do not behave like that. Times are in one unit throughout: weeks here, as in the publications.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy  # loads its parts when they are used: `special` takes a tenth of the board's start

from kviboard.errors import UsageError

Floats = npt.NDArray[np.float64]

DAYS_PER_WEEK = 7.0
FEWEST_REPEATERS = 100  # with fewer customers who ordered again, four parameters are guesses
_LOG_BOUND = 9.0  # parameters within e^±9 of their start: beyond, the likelihood is flat and 2F1 loses its digits
_FLAT = 1e-6  # a = 1 is a removable gap of the formulas: step beside it


@dataclass(frozen=True)
class OrderModel:
    """BG/NBD: rates are gamma(r, alpha), chances to leave after an order beta(a, b). `log_likelihood` of the fit.

    Source: P. Fader, B. Hardie, K. L. Lee, "Counting your customers" the easy way, Marketing Science 24 (2005).
    """

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float

    def alive(self, repeats: npt.ArrayLike, recency: npt.ArrayLike, age: npt.ArrayLike) -> Floats:
        """P(still a customer) after `repeats` orders beyond the first, the last `recency` after the first, at `age`.

        1 without a repeat order: in this model customers leave only after one.
        """
        x, t_x, age_ = _floats(repeats), _floats(recency), _floats(age)
        log_odds = np.log(self.a / (self.b + np.maximum(x, 1) - 1))
        log_odds = log_odds + (self.r + x) * np.log((self.alpha + age_) / (self.alpha + t_x))
        return np.where(x > 0, 1 / (1 + np.exp(np.minimum(log_odds, 700))), 1.0)

    def expected_orders(
        self, repeats: npt.ArrayLike, recency: npt.ArrayLike, age: npt.ArrayLike, ahead: float
    ) -> Floats:
        """Orders expected in the time `ahead`, given the history: equation (10) of the source.

        Its hypergeometric function is taken after Euler's transformation, which stays in range for any history.
        """
        x, age_ = np.broadcast_arrays(_floats(repeats), _floats(age))
        a = self.a if abs(self.a - 1) > _FLAT else 1 + _FLAT

        def chance_of_none(pairs: npt.NDArray[np.complex128]) -> Floats:
            z = ahead / (self.alpha + pairs.imag + ahead)
            none: Floats = (1 - z) ** (a - 1) * scipy.special.hyp2f1(
                a + self.b - 1 - self.r, a - 1, a + self.b + pairs.real - 1, z
            )
            return none

        chance = _Repeated(x + 1j * age_).map(chance_of_none)  # of each pair once: the function is slow
        expected: Floats = (a + self.b + x - 1) / (a - 1) * (1 - chance) * self.alive(repeats, recency, age)
        return expected


@dataclass(frozen=True)
class AmountModel:
    """Gamma-gamma: amounts are gamma(p, v), and v is gamma(q, gamma) among customers.

    Source: P. Fader, B. Hardie, The gamma-gamma model of monetary value (2013), brucehardie.com/notes/025.
    """

    p: float
    q: float
    gamma: float
    log_likelihood: float

    def expected_amount(self, orders: npt.ArrayLike, mean_amount: npt.ArrayLike) -> Floats:
        """A customer's mean amount per order, given that of `orders` known ones; all customers' mean for 0 orders."""
        x, mean = _floats(orders), np.where(_floats(orders) > 0, _floats(mean_amount), 0.0)
        return self.p * (self.gamma + x * mean) / (self.p * x + self.q - 1)


def fit_orders(
    repeats: npt.ArrayLike, recency: npt.ArrayLike, age: npt.ArrayLike, customers: npt.ArrayLike
) -> OrderModel:
    """Fit to counts: so many `customers` each had so many repeat orders, this recency, this age.

    Raises UsageError where too few customers ordered again, or no fit is found.
    """
    x, t_x, age_, count = _Repeated(repeats), _Repeated(recency), _Repeated(age), _floats(customers)
    came_back = _floats(repeats) > 0
    _enough(count[came_back].sum())

    def log_likelihood(parameters: Floats) -> float:
        # no dot product: its threads wait for one another where other programs have the processors
        return float((count * _log_likelihoods_of_orders(parameters, x, t_x, age_, came_back)).sum())

    typical = max(float(np.average(_floats(age), weights=count)), 1e-9)
    (r, alpha, a, b), found = _maximum(log_likelihood, np.array([1.0, typical, 1.0, 1.0]))
    return OrderModel(r, alpha, a, b, found)


def fit_amounts(orders: npt.ArrayLike, mean_amount: npt.ArrayLike) -> AmountModel:
    """Fit to one row per customer: their number of orders, at least one, and the mean amount, above zero.

    Raises UsageError where there are too few, no fit is found, or the fitted mean of all customers is infinite.
    """
    x, mean = _floats(orders), _floats(mean_amount)
    _enough(len(x))
    counts, paid, logs_of_mean = _Repeated(x), x * mean, float(np.log(mean).sum())
    orders_of_logs = x * np.log(paid)

    def log_likelihood(parameters: Floats) -> float:
        p, q, gamma = parameters
        shape = counts.map(lambda n: _log_gamma(p * n + q) - _log_gamma(p * n) - _log_gamma(q))
        sizes = q * np.log(gamma) + p * orders_of_logs - (p * x + q) * np.log(gamma + paid)
        return float((shape + sizes).sum()) - logs_of_mean

    (p, q, gamma), found = _maximum(log_likelihood, np.array([1.0, 2.0, float(mean.mean())]))
    if q <= 1:
        raise UsageError("Amounts differ too wildly between customers for an expected amount.")
    return AmountModel(p, q, gamma, found)


def _log_likelihoods_of_orders(
    parameters: Floats, x: "_Repeated", t_x: "_Repeated", age: "_Repeated", came_back: npt.NDArray[np.bool_]
) -> Floats:
    r, alpha, a, b = parameters
    of_repeats = x.map(
        lambda n: (
            (_log_gamma(r + n) - _log_gamma(r))
            + (_log_gamma(a + b) + _log_gamma(b + n) - _log_gamma(b) - _log_gamma(a + b + n))
        )
    )
    rates = x.map(lambda n: r + n)
    stayed = -rates * age.map(lambda weeks: np.log(alpha + weeks))
    left = x.map(lambda n: np.log(a / (b + np.maximum(n, 1) - 1)))
    left -= rates * t_x.map(lambda weeks: np.log(alpha + weeks))
    together: Floats = of_repeats + r * np.log(alpha) + np.logaddexp(stayed, np.where(came_back, left, -np.inf))
    return together


def _log_gamma(values: npt.ArrayLike) -> Floats:
    return np.asarray(scipy.special.gammaln(values))


class _Repeated:
    """Numbers of which many are equal: what is slow is computed of each once."""

    def __init__(self, values: npt.ArrayLike) -> None:
        self.different, self._place = np.unique(np.asarray(values), return_inverse=True)

    def map(self, function: Callable[[Any], Floats]) -> Floats:
        """`function` of each number, in the shape they were given in."""
        return function(self.different)[self._place]


def _maximum(log_likelihood: Callable[[Floats], float], start: Floats) -> tuple[tuple[float, ...], float]:
    """Positive parameters at the maximum, sought on the logarithms, relative to `start`; and the value there."""

    def loss(logs: Floats) -> float:
        value = log_likelihood(start * np.exp(logs))
        return -value if np.isfinite(value) else 1e300

    from scipy.optimize import minimize  # takes a fifth of a second to import, and few ask for a fit

    bounds = [(-_LOG_BOUND, _LOG_BOUND)] * len(start)
    options = {"maxiter": 1_000, "ftol": 1e-13, "gtol": 1e-6}
    found: Any = minimize(loss, np.zeros(len(start)), method="L-BFGS-B", bounds=bounds, options=options)
    # the gradient is taken by differences: a simplex from there ends where they are too coarse
    polished: Any = minimize(loss, found.x, method="Nelder-Mead", bounds=bounds, options={"xatol": 1e-5, "fatol": 1e-6})
    if not np.isfinite(polished.fun) or polished.fun >= 1e300:
        raise UsageError("No fit is found: these orders do not follow the model.")
    return tuple(float(value) for value in start * np.exp(polished.x)), -float(polished.fun)


def _enough(repeaters: float) -> None:
    if repeaters < FEWEST_REPEATERS:
        raise UsageError(f"Expected value needs {FEWEST_REPEATERS} customers who ordered again, not {int(repeaters)}.")


def _floats(values: npt.ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float64)
