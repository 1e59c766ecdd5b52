"""Several people who act at the same instant, and the refusals that an act meets."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Thread

from publicmeeting.domain.errors import Refusal


def together(*acts: Callable[[], object]) -> tuple[list[object], list[Refusal]]:
    """Start all acts at once, each in its own thread; return the results and the refusals."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        start.wait(timeout=10)
        try:
            return act()
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(len(acts)) as threads:
        answers = list(threads.map(run, acts))
    refused = [answer for answer in answers if isinstance(answer, Refusal)]
    return [answer for answer in answers if answer not in refused], refused


def in_threads(*acts: Callable[[], object]) -> None:
    """Run all acts, each in its own thread, until every one has ended."""
    threads = [Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def refusal(act: Callable[[], object]) -> Refusal:
    """Return the refusal that this act meets; AssertionError if it is not refused."""
    try:
        act()
    except Refusal as word:
        return word
    raise AssertionError("this was not refused")


def refused(act: Callable[..., object], *arguments: object, **named: object) -> str:
    """Return the key with which an act is refused; AssertionError if it is not refused."""
    return refusal(lambda: act(*arguments, **named)).key
