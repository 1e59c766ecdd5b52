"""Refusals as domain words; their Persian sentences live in `text`."""


class Refusal(Exception):  # noqa: N818  (a refusal is an answer, not a fault)
    """A command the city refuses, named by a key and the facts its sentence needs.

    `key` is a key of `text.refusals`; `facts` are the values that sentence shows.
    """

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts


class Denied(Refusal):
    """Not allowed, not now, or not theirs: missing and forbidden look the same."""


class Unavailable(Refusal):
    """The service cannot now, whoever asks and whatever for: a queue, a clock, a disk, the log.

    It says nothing of what was asked, so whoever takes `Denied` for «not there» or «not theirs»
    does not take this for one. Asked again later, it may be done.
    """


class TooBusy(Unavailable):
    """Nobody's fault: the queue is full, or a lock was not released in time."""

    def __init__(self) -> None:
        super().__init__("too_busy")


class Invalid(Refusal):
    """One field of a form that cannot be accepted as typed."""

    def __init__(self, key: str, field: str = "", **facts: object) -> None:
        super().__init__(key, **facts)
        self.field = field


class FormError(Refusal):
    """Several fields of one form, each with its own refusal."""

    def __init__(self, errors: tuple[Invalid, ...]) -> None:
        super().__init__("form_refused")
        self.errors = errors
