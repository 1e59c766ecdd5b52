"""Closed lists a person chooses from; the codes are what forms, rows and events hold."""

from enum import StrEnum


class AccessNeed(StrEnum):
    """What she needs on the day, told at filing so that the hall can prepare."""

    STEP_FREE = "step_free"
    SIGN_LANGUAGE = "sign_language"
    COMPANION = "companion"


class Prefers(StrEnum):
    """The part of the meeting hours she would like (docs/turns.md 1)."""

    ANY = "any"
    EARLY = "early"
    LATE = "late"


class Lane(StrEnum):
    """Lanes with a published quota; whoever asks for none is in the general one."""

    GENERAL = "general"
    ACCESS = "access"
    URGENT = "urgent"


class Audience(StrEnum):
    """Who may read a comment on an order."""

    CITIZEN = "citizen"
    INTERNAL = "internal"


class Verdict(StrEnum):
    """A yes or no: of one who judges (a lane, a contested no-show), or of the citizen herself."""

    YES = "yes"
    NO = "no"


class Priority(StrEnum):
    """How pressing the mayor has said an order is; urgent ones stand first in the unit's list."""

    NORMAL = "normal"
    URGENT = "urgent"


class InkColour(StrEnum):
    """The two pens of the order sheet."""

    BLUE = "blue"
    BLACK = "black"


class SheetPart(StrEnum):
    """The files of an order's paper: what came from the mayor's hand, and what was made of it."""

    INK = "ink"
    """The strokes as the pen sent them."""
    TEXT = "text"
    """What was typed."""
    PHOTO = "photo"
    """The photograph of the paper as it came from the camera."""
    STRAIGHTENED = "straightened"
    COMPOSED = "composed"
    """The official picture."""
    THUMB = "thumb"
    PRINTABLE = "printable"
