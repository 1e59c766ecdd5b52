"""Exceptions for refused commands. Their Persian sentences live in `text`."""


class Refusal(Exception):  # noqa: N818  (a refusal is an answer, not a fault)
    """A command that the city refuses, with a key and the facts that its sentence needs.

    `key` is a key of `text.refusals`; `facts` are the values that the sentence shows.
    """

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts


class Denied(Refusal):
    """Not allowed, not now, or not visible to this actor: missing and forbidden look the same."""


class Unavailable(Refusal):
    """The service cannot answer at the moment, because of a queue, a clock, a disk or the log.

    It says nothing about the requested object. Code that treats `Denied` as "missing or forbidden"
    must not treat this class so; a later retry may succeed.
    """


class TooBusy(Unavailable):
    """The queue is full, or a lock was not released in time."""

    def __init__(self) -> None:
        super().__init__("too_busy")


class Invalid(Refusal):
    """One form field whose value is not acceptable."""

    def __init__(self, key: str, field: str = "", **facts: object) -> None:
        super().__init__(key, **facts)
        self.field = field


class FormError(Refusal):
    """Several fields of one form, each with its own refusal."""

    def __init__(self, errors: tuple[Invalid, ...]) -> None:
        super().__init__("form_refused")
        self.errors = errors
