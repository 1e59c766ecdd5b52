"""What invented citizens write, what mayors order and what units report, subject by subject."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Matter:
    """One kind of trouble. `picture` is a scene of `media`; texts take `{place}`, `{plate}` (a
    number at a door) and `{since}` («از تابستان»)."""

    subject: str
    title: str
    texts: tuple[str, ...]
    brief: str
    """What the unit says before the meeting."""
    order: str
    unit: str
    report: str
    contest: str
    """Why she says that it was not done."""
    picture: str = ""
