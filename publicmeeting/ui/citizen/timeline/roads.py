"""The road on the page: before the meeting and after it, each step with its own pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from publicmeeting.domain.records import Image
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action, OrderAction
from publicmeeting.domain.timeline import Mark
from publicmeeting.kit.jalali import weekday_day
from publicmeeting.text.common.dates_text import DateWords
from publicmeeting.text.lifecycle.roles_text import signed
from publicmeeting.text.lifecycle.telephone_text import done
from publicmeeting.text.tracking import case_text, citizen_orders_text, road_text
from publicmeeting.ui.citizen.shared import sorted_photos
from publicmeeting.ui.design.models import Photo, RoadStep
from publicmeeting.ui.shell.road import road_steps
from publicmeeting.usecases.tracking.timeline import TimelinePage
from publicmeeting.usecases.tracking.turn import NextDraw

_COMMENT_TITLE = {
    Role.UNIT: citizen_orders_text.WROTE_UNIT,
    Role.CITIZEN: citizen_orders_text.WROTE_YOU,
}


@dataclass(frozen=True)
class CaseStep(RoadStep):
    """A step with the pictures that came with it; those of a report from before the work apart."""

    photos: tuple[Photo, ...] = ()
    before: tuple[Photo, ...] = ()


def case_steps(
    page: TimelinePage, next_draw: NextDraw | None = None
) -> tuple[tuple[CaseStep, ...], tuple[CaseStep, ...]]:
    """What lies before the meeting, and the road from there; the first is empty until she met."""
    pictures = dict(page.documents)
    for order in page.orders:
        pictures.update(order.pictures)
    several = {}
    if len(page.orders) > 1:
        several = {order.line.number: order.line.unit for order in page.orders}
    units = {event: unit for order in page.orders for event, unit in order.units.items()}
    offered_by = page.offered_by
    road = zip(page.marks, road_steps(page.marks, page.dates, own=True), strict=True)
    steps = [
        _own_step(step, mark, page.dates, pictures, several, units.get(mark.event_id, offered_by))
        for mark, step in road
    ]
    if next_draw:
        steps = [
            _with_draw(step, next_draw, page.dates) if mark.state == "now" else step
            for mark, step in zip(page.marks, steps, strict=True)
        ]
    cut = _meeting_index(page.marks)
    return tuple(steps[:cut]), tuple(steps[cut:])


def current_status(page: TimelinePage, steps: Sequence[RoadStep]) -> str:
    """Where the request stands, in one sentence for a screen reader."""
    return "، ".join(
        f"{step.title}، {step.badge.word}" for step in steps if step.kind in ("now", "late")
    ) or (steps[-1].title if steps and page.marks else "")


def _own_step(
    step: RoadStep,
    mark: Mark,
    dates: DateWords,
    pictures: Mapping[int, tuple[Image, ...]],
    several: Mapping[str, str],
    unit: str,
) -> CaseStep:
    """A step of the road with its pictures, in words addressed to her, signed by office and role.

    `several` names the unit of each order by its number; it is empty where there is only one.
    """
    before, after = sorted_photos(pictures.get(mark.event_id, ()))
    fields = {**vars(step), "photos": after, "before": before}
    if title := _own_title(mark):
        fields["title"] = title
    if step.quote:
        fields["quote_by"] = signed(mark.role, mark.district, unit, own=True)
    by_unit = mark.role is Role.UNIT and bool(unit) and mark.at is not None
    if by_unit and mark.at:
        by = citizen_orders_text.BY_UNIT.format(unit=unit)
        fields["when"] = f"{dates.near(mark.at)} · {by}"
    beside = "" if by_unit else several.get(mark.order_number or "")
    if beside:
        when = case_text.OF_UNIT.format(when=step.when, unit=beside) if step.when else beside
        fields["when"] = when
    if mark.declines_offer:
        fields["title"] = case_text.OFFER_REFUSED
        fields["meaning"] = case_text.OFFER_REFUSED_MEANING if step.meaning else ""
    return CaseStep(**fields)


def _with_draw(step: CaseStep, draw: NextDraw, dates: DateWords) -> CaseStep:
    sentence = road_text.NEXT_DRAW.format(when=dates.near(draw.at), monday=weekday_day(draw.monday))
    return replace(step, meaning=f"{step.meaning} {sentence}")


def _own_title(mark: Mark) -> str:
    """A title addressed to her, for what she did herself and what somebody wrote to her."""
    if mark.action is None or mark.state != "past":
        return ""
    if mark.action is OrderAction.COMMENT:
        return _COMMENT_TITLE.get(mark.role, citizen_orders_text.WROTE_MAYOR)
    own = done(mark.action) if mark.by_telephone else ""
    return own or case_text.OWN.get(mark.action, "")


def _meeting_index(marks: Sequence[Mark]) -> int:
    """Index of the newest call into the room once the meeting is over, else 0."""
    if not any(mark.state == "past" and mark.action is Action.FINISH for mark in marks):
        return 0
    calls = [at for at, mark in enumerate(marks) if mark.action is Action.CALL_IN]
    return calls[-1] if calls else 0
