"""Stages and times only."""

from dataclasses import dataclass

from publicmeeting.kit.digits import persian
from publicmeeting.text.lifecycle.stages_text import STAGE
from publicmeeting.text.tracking import case_text
from publicmeeting.ui.design.models import RoadStep
from publicmeeting.ui.design.view_model import ViewModel
from publicmeeting.ui.shell.marks import road_steps
from publicmeeting.usecases.tracking.by_code import StagesOnly


@dataclass(frozen=True)
class TrackedView(ViewModel):
    code: str = ""
    digits: str = ""
    district: int = 0
    place: str = ""
    stage: str = ""
    steps: tuple[RoadStep, ...] = ()


def tracked_view(found: StagesOnly) -> TrackedView:
    """The road as its citizen reads it, without a word that a person wrote.

    What only she can do is not asked of whoever holds the code: the badge says where it stands.
    """
    steps = road_steps(found.marks, found.now, own=True)
    return TrackedView(
        code=found.code,
        digits=persian(found.code),
        district=found.district,
        place=case_text.PLACE.format(district=persian(found.district)),
        stage=STAGE[found.stage],
        steps=tuple(steps),
    )
