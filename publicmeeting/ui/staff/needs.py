"""A visitor's needs on the day, as badges."""

from collections.abc import Sequence

from publicmeeting.domain.choices import AccessNeed
from publicmeeting.text.lifecycle.needs_text import ACCESS_NEED
from publicmeeting.ui.design.icons import NEED_SIGN
from publicmeeting.ui.design.models import Badge

_NEED = {str(need): need for need in AccessNeed}


def need_badges(needs: Sequence[str]) -> list[Badge]:
    known = [_NEED[need] for need in needs if need in _NEED]
    return [Badge(ACCESS_NEED[need], "glaze", NEED_SIGN[need]) for need in known]
