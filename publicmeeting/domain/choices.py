"""Closed lists that a person chooses from; forms, rows and events store the codes.

Reasons are codes too, so that the append-only audit needs no free text.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from publicmeeting.domain.stages import Action, Need, OrderAction


class AccessNeed(StrEnum):
    """Need on the day of the meeting, stated at filing so that the hall can prepare."""

    STEP_FREE = "step_free"
    SIGN_LANGUAGE = "sign_language"
    COMPANION = "companion"
    HARD_OF_HEARING = "hard_of_hearing"
    LOW_VISION = "low_vision"


FETCHED = frozenset({AccessNeed.SIGN_LANGUAGE, AccessNeed.HARD_OF_HEARING, AccessNeed.LOW_VISION})
"""Needs of citizens who cannot hear the call or see the number: reception walks up to them."""


UNHEARD = FETCHED - {AccessNeed.LOW_VISION}
"""Needs of citizens who cannot use a telephone."""


def is_fetched(needs: Iterable[str]) -> bool:
    """Whether reception fetches a citizen with these needs instead of calling her number."""
    return not FETCHED.isdisjoint(needs)


class Prefers(StrEnum):
    """The part of the meeting hours that a citizen prefers (docs/turns.md section 1)."""

    ANY = "any"
    EARLY = "early"
    LATE = "late"


class Lane(StrEnum):
    """Lanes with a published quota; a request without a lane is in the general one."""

    GENERAL = "general"
    ACCESS = "access"
    URGENT = "urgent"


class Audience(StrEnum):
    """Who may read a comment on an order."""

    CITIZEN = "citizen"
    INTERNAL = "internal"


class Verdict(StrEnum):
    """A yes or no, by a judge (of a lane or a contested no-show) or by the citizen herself."""

    YES = "yes"
    NO = "no"


class Priority(StrEnum):
    """Priority that the mayor sets for an order; the unit's list shows urgent orders first."""

    NORMAL = "normal"
    URGENT = "urgent"


class InkColour(StrEnum):
    """The two pen colours of the order sheet."""

    BLUE = "blue"
    BLACK = "black"


class SheetPart(StrEnum):
    """Files of an order's sheet: the mayor's originals, and what the program made of them."""

    INK = "ink"
    """The strokes as the pen sent them."""
    TEXT = "text"
    """The text as it was typed."""
    PHOTO = "photo"
    """The photograph of the paper as the camera sent it."""
    STRAIGHTENED = "straightened"
    COMPOSED = "composed"
    """The official image of the order."""
    THUMB = "thumb"
    PRINTABLE = "printable"


class DeclineReason(StrEnum):
    """Why the desk refuses to take a request into the line."""

    OUT_OF_SCOPE = "out_of_scope"
    """The matter is not the municipality's."""
    OTHER_BODY = "other_body"
    """A city matter that another body decides: a company, an organisation, the council."""
    JUDGED = "judged"
    """A court or a commission has decided; a mayor cannot change it."""
    NOT_FOR_MAYOR = "not_for_mayor"
    """The ordinary counter handles it; a meeting would only delay it."""
    DUPLICATE = "duplicate"
    """The same matter of the same person is already being followed up."""
    INSUFFICIENT = "insufficient"
    """Even after the desk asked, it is not clear what the citizen wants."""


class SkipReason(StrEnum):
    """Why somebody goes in before an earlier citizen who came in time; counted in public."""

    AWAY = "away"
    """She was called and was not in the hall at this moment."""
    ASKED = "asked"
    """She asked to go later."""
    UNWELL = "unwell"
    HELPER_AWAITED = "helper_awaited"
    """Her sign-language interpreter or companion has not arrived yet."""

    @property
    def in_public(self) -> str:
        """Return the reason as the public log shows it: `away` or `hers`.

        The log reveals which citizen had the seat, and an entry is permanent. It must therefore not
        show her health or a disability. Only the officer's claim that she was away is public.
        """
        return self.value if self is SkipReason.AWAY else "hers"


class LaneReason(StrEnum):
    """What a lane's document proves, or why it fails to."""

    CERTIFIED = "certified"
    """A valid certificate of disability."""
    DANGER_TO_LIFE = "danger_to_life"
    DANGER_TO_BUILDING = "danger_to_building"
    DATE_NEAR = "date_near"
    """A court or demolition date within ten days."""
    UNREADABLE = "unreadable"
    EXPIRED = "expired"
    NOT_IN_LIST = "not_in_list"
    """The document proves something that the lane is not for."""
    DATE_FAR = "date_far"


class Original(StrEnum):
    """Result of comparing the original of a lane's document with the citizen's card."""

    SEEN = "seen"
    NOT_SHOWN = "not_shown"
    NOT_HERS = "not_hers"
    """The document concerns neither her nor a person whom she cares for or accompanies."""


class ClosureReason(StrEnum):
    """Why a Monday has no seats. Only the clock uses the first two."""

    HOLIDAY = "holiday"
    LATE = "late"
    """The city's clock job had stopped."""
    OFFICIAL = "official"
    """The authorities ordered offices to close."""
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
"""Reasons that an administrator may choose from."""


class NoShowReason(StrEnum):
    """Why a citizen who contests gets her weeks back, or does not."""

    WAS_THERE = "was_there"
    """She was in the building in time."""
    NOT_CALLED = "not_called"
    """Reception did not call her as the rule demands: twice, and ten minutes after her time."""
    OFFICE_FAULT = "office_fault"
    """The office misinformed her about time or place, refused her entry, or had closed the hall."""
    FORCE = "force"
    """Illness, accident or a death in the family, proved by a document."""
    CALLED_AND_ABSENT = "called_and_absent"
    NOT_SHOWN = "not_shown"
    """Nothing proves what she states."""


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
"""Reasons that fit a verdict about a lane."""

NO_SHOW_REASONS: dict[Verdict, tuple[NoShowReason, ...]] = {
    Verdict.YES: (
        NoShowReason.WAS_THERE,
        NoShowReason.NOT_CALLED,
        NoShowReason.OFFICE_FAULT,
        NoShowReason.FORCE,
    ),
    Verdict.NO: (NoShowReason.CALLED_AND_ABSENT, NoShowReason.NOT_SHOWN),
}
"""Reasons that fit a verdict on a contested no-show."""

GIVEN_UP_REASONS: dict[Verdict, tuple[NoShowReason, ...]] = {
    Verdict.YES: (NoShowReason.OFFICE_FAULT, NoShowReason.FORCE),
    Verdict.NO: (NoShowReason.NOT_SHOWN,),
}
"""Reasons that fit a verdict on a seat that was given up late: nobody called her."""

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
"""The list that each field of an action is chosen from."""


def are_codes(action: Action | OrderAction, payload: Mapping[str, object]) -> bool:
    """Whether every chosen value in the payload belongs to its list."""
    return all(
        payload[need.value] in list(codes)
        for (one, need), codes in CODES.items()
        if one is action and payload.get(need.value)
    )
