"""The road on the page: before the meeting and after it, each step with its own pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from publicmeeting.domain.records import Image
from publicmeeting.domain.stages import Action
from publicmeeting.domain.timeline import Mark
from publicmeeting.kit.digits import persian
from publicmeeting.text import my_case as words
from publicmeeting.ui.design.models import Photo, RoadStep
from publicmeeting.ui.shell.marks import road_steps
from publicmeeting.usecases.tracking import TimelinePage


@dataclass(frozen=True)
class CaseStep(RoadStep):
    """A step with the pictures that came with it."""

    photos: tuple[Photo, ...] = ()


def case_steps(page: TimelinePage) -> tuple[tuple[CaseStep, ...], tuple[CaseStep, ...]]:
    """What lies before the meeting, and the road from there; the first is empty until she met."""
    pictures = dict(page.documents)
    for order in page.orders:
        pictures.update(order.pictures)
    several = {one.line.number: one.line.unit for one in page.orders} if page.orders[1:] else {}
    steps = [
        _with(step, mark, pictures, several)
        for mark, step in zip(page.marks, road_steps(page.marks, page.now, own=True), strict=True)
    ]
    cut = _meeting(page.marks)
    return tuple(steps[:cut]), tuple(steps[cut:])


def photos(images: Sequence[Image]) -> tuple[Photo, ...]:
    count = persian(len(images))
    return tuple(
        Photo(
            f"/images/{one.id}/thumb",
            f"/images/{one.id}",
            words.PHOTO.format(at=persian(at), count=count),
        )
        for at, one in enumerate(images, 1)
    )


def now_words(page: TimelinePage, steps: Sequence[RoadStep]) -> str:
    """Where it stands, for whoever listens to the page."""
    return "، ".join(
        f"{step.title}، {step.badge.word}" for step in steps if step.kind in ("now", "late")
    ) or (steps[-1].title if steps and page.marks else "")


def _with(
    step: RoadStep,
    mark: Mark,
    pictures: Mapping[int, tuple[Image, ...]],
    several: Mapping[str, str],
) -> CaseStep:
    """Which unit it is about is said only where there are several."""
    fields = {**vars(step), "photos": photos(pictures.get(mark.event_id, ()))}
    own = words.OWN.get(mark.action) if mark.action and mark.state == "past" else None
    if own:
        fields["title"] = own
    unit = several.get(mark.order_number or "")
    if unit:
        fields["when"] = words.OF_UNIT.format(when=step.when, unit=unit) if step.when else unit
    return CaseStep(**fields)


def _meeting(marks: Sequence[Mark]) -> int:
    """Where the meeting begins, once it is over: the newest call into the room."""
    if not any(mark.state == "past" and mark.action is Action.FINISH for mark in marks):
        return 0
    calls = [at for at, mark in enumerate(marks) if mark.action is Action.CALL_IN]
    return calls[-1] if calls else 0
