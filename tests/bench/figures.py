"""Figures of a bench, compared with their limits and printed."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure with its limit; without a limit it is only printed."""

    what: str
    value: float
    unit: str
    limit: float | None = None
    at_least: bool = False
    """The limit is a minimum, not a maximum."""

    @property
    def is_over(self) -> bool:
        """Whether the figure breaks its limit."""
        if self.limit is None:
            return False
        return self.value < self.limit if self.at_least else self.value > self.limit


def table(figures: Sequence[Measured]) -> str:
    """Return the figures, one a line; a line says if its limit is broken."""
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
    """Return the smallest value that is not below `share` (0 to 1) of all values; nearest rank.

    Raises `ValueError` if there are no values.
    """
    if not values:
        raise ValueError("nothing was measured")
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]
