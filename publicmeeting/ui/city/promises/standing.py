"""What his decision can still do, and what is left after it."""

from collections.abc import Sequence

from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import LIVE, Action
from publicmeeting.domain.timeline import Mark
from publicmeeting.kit.digits import persian
from publicmeeting.text.lifecycle.actions_text import ACTION, DONE
from publicmeeting.text.lifecycle.stages_text import STAGE
from publicmeeting.text.oversight import promises_text
from publicmeeting.ui.shell.marks import judged
from publicmeeting.usecases.screening.cases import CasePage


def stands(page: CasePage) -> str:
    """What his decision can still do, where that is not said by the tab."""
    open_ = {step.action for step in page.steps}
    stage = STAGE[page.request.stage]
    if Action.KEEP_DISTRICT in open_:
        moves = promises_text.MOVES_BACK.format(
            redirect=ACTION[Action.REDIRECT], district=persian(came_from(page.request))
        )
        return moves if Action.REDIRECT in open_ else promises_text.STAYS.format(stage=stage)
    if Action.JUDGE_NO_SHOW in open_ and page.request.stage not in LIVE:
        return promises_text.OUT_OF_LINE.format(stage=stage)
    return ""


def came_from(request: Request) -> int:
    """The district that sent this request on the last time; its own where none did."""
    moves = [e for e in request.history if e.action in (Action.SUBMIT, Action.REDIRECT)]
    before = moves[-2].payload.get("district") if len(moves) > 1 else None
    return before if isinstance(before, int) else request.district


def decided(marks: Sequence[Mark]) -> str:
    """What the city has decided here, if it has: nothing is left of it."""
    mark = next((m for m in reversed(marks) if m.role is Role.OVERSEER and m.at), None)
    if mark is None or mark.action is None:
        return promises_text.NO_STEPS
    is_verdict = mark.action is Action.JUDGE_NO_SHOW
    what = judged(mark).rstrip(".") if is_verdict else DONE[mark.action]
    return promises_text.DECIDED.format(what=what)
