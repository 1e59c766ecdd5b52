"""Closed lists a person chooses from; the codes are what forms, rows and events hold.

Reasons are codes too: they go into the append-only audit, so that no free text has to.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from publicmeeting.domain.stages import Action, Need, OrderAction


class AccessNeed(StrEnum):
    """What she needs on the day, stated at filing so that the hall can prepare."""

    STEP_FREE = "step_free"
    SIGN_LANGUAGE = "sign_language"
    COMPANION = "companion"
    HARD_OF_HEARING = "hard_of_hearing"
    LOW_VISION = "low_vision"


FETCHED = frozenset({AccessNeed.SIGN_LANGUAGE, AccessNeed.HARD_OF_HEARING, AccessNeed.LOW_VISION})
"""Needs of whoever cannot hear the call or cannot see the number: reception goes to her."""


UNHEARD = FETCHED - {AccessNeed.LOW_VISION}
"""Needs of whoever cannot hear a telephone."""


def is_fetched(needs: Iterable[str]) -> bool:
    """Whether somebody with these needs is fetched in the hall, and never called by a number."""
    return not FETCHED.isdisjoint(needs)


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
    """The priority the mayor has set for an order; urgent ones are first in the unit's list."""

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


class DeclineReason(StrEnum):
    """Why screening does not take a request into the line."""

    OUT_OF_SCOPE = "out_of_scope"
    """Not a matter of the municipality at all."""
    OTHER_BODY = "other_body"
    """Of the city, but decided by another body (a company, an organisation, the council)."""
    JUDGED = "judged"
    """A court or a commission has decided; a mayor cannot change it."""
    NOT_FOR_MAYOR = "not_for_mayor"
    """The ordinary counter does it; a meeting would only delay it."""
    DUPLICATE = "duplicate"
    """The same matter of the same person is already followed up."""
    INSUFFICIENT = "insufficient"
    """Even after asking, it is not clear what is wanted."""


class SkipReason(StrEnum):
    """Why somebody goes in before one who came in time and is earlier. Counted in public."""

    AWAY = "away"
    """Called, and not in the hall at this moment."""
    ASKED = "asked"
    """She asked to go later."""
    UNWELL = "unwell"
    HELPER_AWAITED = "helper_awaited"
    """Her sign-language interpreter or companion is not there yet."""

    @property
    def in_public(self) -> str:
        """As the log has it: whose hour it was follows from the log, so what her body needs, or
        how she feels, stands there for ever. Whether an officer says that she was away decides."""
        return self.value if self is SkipReason.AWAY else "hers"


class LaneReason(StrEnum):
    """What a document shows, or fails to show."""

    CERTIFIED = "certified"
    """A valid certificate of disability."""
    DANGER_TO_LIFE = "danger_to_life"
    DANGER_TO_BUILDING = "danger_to_building"
    DATE_NEAR = "date_near"
    """A court or demolition date within ten days."""
    UNREADABLE = "unreadable"
    EXPIRED = "expired"
    NOT_IN_LIST = "not_in_list"
    """The document shows something else than the lane is for."""
    DATE_FAR = "date_far"


class Original(StrEnum):
    """What became of the original of a lane's document, at the reception with her card in hand."""

    SEEN = "seen"
    NOT_SHOWN = "not_shown"
    NOT_HERS = "not_hers"
    """It has nothing to do with her, nor with whom she cares for or comes with."""


class ClosureReason(StrEnum):
    """Why a Monday has no seats. The first two are the clock's own."""

    HOLIDAY = "holiday"
    LATE = "late"
    """The city's own clock had stopped."""
    OFFICIAL = "official"
    """Offices were closed by order of the authorities."""
    POLLUTION = "pollution"
    HEAT = "heat"
    COLD = "cold"
    POWER = "power"
    MOURNING = "mourning"
    HALL = "hall"
    """The building cannot be used."""
    MAYOR_AWAY = "mayor_away"
    """Neither the mayor nor a deputy can hold it."""


CLOSURES = tuple(ClosureReason)[2:]
"""What an administrator may choose from."""


class NoShowReason(StrEnum):
    """Why a contested no-show is taken back, or remains."""

    WAS_THERE = "was_there"
    """She was in the building in time."""
    NOT_CALLED = "not_called"
    """She was not called as the rule says: twice, ten minutes after her time."""
    OFFICE_FAULT = "office_fault"
    """She was informed of a wrong time or place, entry refused, the hall closed."""
    FORCE = "force"
    """Illness, accident or death in the family, shown by a document."""
    CALLED_AND_ABSENT = "called_and_absent"
    NOT_SHOWN = "not_shown"
    """What she says is not shown by anything."""


LANE_REASONS: dict[tuple[Lane, Verdict], tuple[LaneReason, ...]] = {
    (Lane.ACCESS, Verdict.YES): (LaneReason.CERTIFIED,),
    (Lane.ACCESS, Verdict.NO): (
        LaneReason.UNREADABLE,
        LaneReason.EXPIRED,
        LaneReason.NOT_IN_LIST,
    ),
    (Lane.URGENT, Verdict.YES): (
        LaneReason.DANGER_TO_LIFE,
        LaneReason.DANGER_TO_BUILDING,
        LaneReason.DATE_NEAR,
    ),
    (Lane.URGENT, Verdict.NO): (
        LaneReason.UNREADABLE,
        LaneReason.NOT_IN_LIST,
        LaneReason.DATE_FAR,
    ),
}
"""The reasons that fit an answer about a lane."""

NO_SHOW_REASONS: dict[Verdict, tuple[NoShowReason, ...]] = {
    Verdict.YES: (
        NoShowReason.WAS_THERE,
        NoShowReason.NOT_CALLED,
        NoShowReason.OFFICE_FAULT,
        NoShowReason.FORCE,
    ),
    Verdict.NO: (NoShowReason.CALLED_AND_ABSENT, NoShowReason.NOT_SHOWN),
}
"""The reasons that fit a verdict on a contested no-show."""

CODES: dict[tuple[Action | OrderAction, Need], type[StrEnum]] = {
    (Action.DECLINE, Need.REASON): DeclineReason,
    (Action.ASK_LANE, Need.LANE): Lane,
    (Action.DECIDE_LANE, Need.LANE): Lane,
    (Action.DECIDE_LANE, Need.VERDICT): Verdict,
    (Action.JUDGE_LANE, Need.VERDICT): Verdict,
    (Action.JUDGE_LANE, Need.REASON): LaneReason,
    (Action.JUDGE_NO_SHOW, Need.VERDICT): Verdict,
    (Action.JUDGE_NO_SHOW, Need.REASON): NoShowReason,
    (Action.DECIDE_NO_SHOW, Need.VERDICT): Verdict,
    (Action.SAY_HEARD, Need.VERDICT): Verdict,
    (OrderAction.SAY_DONE, Need.VERDICT): Verdict,
    (Action.CHECK_ORIGINAL, Need.ORIGINAL): Original,
    (Action.CALL_IN, Need.SKIP): SkipReason,
    (OrderAction.COMMENT, Need.AUDIENCE): Audience,
}
"""The list each of these is chosen from."""


def are_codes(action: Action | OrderAction, payload: Mapping[str, object]) -> bool:
    """Whether every value that is chosen from a list is in it."""
    return all(
        payload[need.value] in list(codes)
        for (one, need), codes in CODES.items()
        if one is action and payload.get(need.value)
    )
