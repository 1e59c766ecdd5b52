"""Prometheus metrics of this process.

Labels are constants of the program with a fixed number of values, never data of a person.
"""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

FIGURES = CollectorRegistry()
ProcessCollector(registry=FIGURES)

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

ANSWERS = Counter(
    "publicmeeting_answers",
    "HTTP answers by kind of path, method and status",
    ("kind", "method", "status"),
    registry=FIGURES,
)
ANSWER_SECONDS = Histogram(
    "publicmeeting_answer_seconds",
    "Time to the first byte of an HTTP answer",
    ("kind", "method"),
    buckets=_SECONDS,
    registry=FIGURES,
)
USECASE_SECONDS = Histogram(
    "publicmeeting_usecase_seconds",
    "Time of one use case in its thread: its transaction and what follows it",
    ("usecase",),
    buckets=_SECONDS,
    registry=FIGURES,
)
USECASES = Counter(
    "publicmeeting_usecases",
    "Use cases by how they ended: done, refused, fault",
    ("usecase", "outcome"),
    registry=FIGURES,
)
REFUSALS = Counter(
    "publicmeeting_refusals",
    "Refusals by their key: code_too_often, too_busy, password_wrong and so on",
    ("key",),
    registry=FIGURES,
)
THREADS_BUSY = Gauge(
    "publicmeeting_threads_busy", "Threads of the office at work", ("pool",), registry=FIGURES
)
THREADS_AWAITED = Gauge(
    "publicmeeting_threads_awaited",
    "What waits for a thread of the office",
    ("pool",),
    registry=FIGURES,
)
SOCKETS_FULL = Counter(
    "publicmeeting_sockets_full",
    "Pages that were not opened because too many are open",
    registry=FIGURES,
)
EVENTS_REFUSED = Counter(
    "publicmeeting_events_refused",
    "Events of pages that no page sends, by reason",
    ("reason",),
    registry=FIGURES,
)
FAULTS = Counter(
    "publicmeeting_faults",
    "Faults by where they showed: a request, a handler, a command, a query, the clock, a case",
    ("where",),
    registry=FIGURES,
)
