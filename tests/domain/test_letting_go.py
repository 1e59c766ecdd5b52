"""By which act a citizen gave her last seat up, and whether she may undo it."""

from dataclasses import replace

from domain.line_guard_cases import DENIED, FREE_AGAIN, GIVEN_UP

from publicmeeting.domain.line.history import newest_release
from publicmeeting.domain.stages import Action, Stage


def then(history, action, to):
    last = history[-1]
    return (*history, replace(last, action=action, from_stage=last.to_stage, to_stage=to))


def test_whoever_is_sent_to_another_district_has_not_taken_it_back():
    act = GIVEN_UP.history[-1]
    assert newest_release(GIVEN_UP.history) is act
    sent = then(GIVEN_UP.history, Action.REDIRECT, Stage.SUBMITTED)
    assert newest_release(sent) is act
    assert newest_release(then(sent, Action.ACCEPT, Stage.WAITING)) is act


def test_not_once_she_has_had_another_or_has_denied_it():
    assert newest_release(DENIED.history) is None
    assert newest_release(then(FREE_AGAIN.history, Action.SEAT, Stage.INVITED)) is None
    assert newest_release(GIVEN_UP.history[:1]) is None
