"""Duration and outcome of every use case, as metrics for operators."""

import time
from collections.abc import Callable
from enum import StrEnum
from functools import cache
from typing import TypeVar

from publicmeeting.domain.errors import Refusal
from publicmeeting.kit.figures import REFUSALS, USECASE_SECONDS, USECASES

R = TypeVar("R")


class Outcome(StrEnum):
    DONE = "done"
    REFUSED = "refused"
    FAULT = "fault"


def measured(usecase: Callable[..., object], perform: Callable[[], R]) -> R:
    """Run a use case, called from its own thread, and record its duration and outcome."""
    name = _name(usecase)
    began, outcome = time.perf_counter(), Outcome.FAULT
    try:
        result = perform()
        outcome = Outcome.DONE
    except Refusal as refused:
        outcome = Outcome.REFUSED
        REFUSALS.labels(refused.key).inc()
        raise
    finally:
        USECASE_SECONDS.labels(name).observe(time.perf_counter() - began)
        USECASES.labels(name, outcome).inc()
    return result


@cache
def _name(usecase: Callable[..., object]) -> str:
    return f"{usecase.__module__.rpartition('.')[2]}.{usecase.__name__}"
