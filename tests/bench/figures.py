"""What a bench measures beside what was promised, and how it is printed."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure beside its limit; without a limit it is only printed."""

    what: str
    value: float
    unit: str
    limit: float | None = None
    at_least: bool = False
    """Whether the limit is one from below."""

    @property
    def is_over(self) -> bool:
        """Whether the limit is not kept."""
        if self.limit is None:
            return False
        return self.value < self.limit if self.at_least else self.value > self.limit


def table(figures: Sequence[Measured]) -> str:
    """The figures line by line; what is over its limit says so."""
    width = max(len(figure.what) for figure in figures)
    return "\n".join(
        f"{figure.what:<{width}}  {figure.value:>9.1f} {figure.unit:<2}"
        + ("" if figure.limit is None else f"  {_bound(figure)} {figure.limit:g} {figure.unit}")
        + ("  OVER" if figure.is_over else "")
        for figure in figures
    )


def _bound(measured: Measured) -> str:
    return "at least" if measured.at_least else "limit"


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that is not below `share` (0 to 1) of all; nearest rank.

    Raises `ValueError` for no values.
    """
    if not values:
        raise ValueError("nothing was measured")
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]
