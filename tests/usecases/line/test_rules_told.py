"""Officials who must agree to weaker rules get one SMS about them, by day."""

from datetime import timedelta

import pytest
from support.city import WITNESSES, add_official
from support.line import MONDAY, Line

from publicmeeting.domain.errors import Denied
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.store.unit_of_work import CodeMessage
from publicmeeting.text.notices.sms_text import SMS_MOST, rules_sms, sms_length
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.line.rules import (
    PROPOSALS_A_DAY,
    RulesForm,
    announce_rules,
    form_of,
    rules_draft,
)
from publicmeeting.usecases.line.rules_by_two import (
    OneRulesProposal,
    reject_rules,
    waiting_rules,
)

DAY = timedelta(days=1)
LATER = MONDAY + timedelta(weeks=4)
FEWER = " ".join(WITNESSES[0]).strip()
OVERSEER, OWN, SECOND = "+989120000001", "+989120000002", "+989120000003"


@pytest.fixture
def sent(line: Line, monkeypatch: pytest.MonkeyPatch) -> list[CodeMessage]:
    """SMS of a city whose overseer and two administrators have a mobile."""
    application, found = line.city.application, list[CodeMessage]()
    add_official(application, "second_admin", ("administrator", None, None), name="مدیر دوم")
    mobiles = {"overseer": OVERSEER, "administrator": OWN, "second_admin": SECOND}
    with application.store.unit_of_work(line.clock.now) as uow:
        for username, mobile in mobiles.items():
            known = uow.accounts.by_username(username)
            assert known is not None
            uow.accounts.set_mobile(known.id, mobile)
    monkeypatch.setattr(application.codes, "send", found.append)
    return found


def proposes(line: Line, username: str = "administrator") -> None:
    application, admin = line.city.application, line.city.as_(username)
    draft = application.query_as(admin, rules_draft, Nothing())
    fields = {**form_of(draft.newest.rules.body), "witnesses": FEWER}
    form = RulesForm.model_validate({**fields, "from_on": LATER.isoformat()})
    application.execute_as(admin, announce_rules, form)


def rejects(line: Line) -> None:
    application, overseer = line.city.application, line.city.as_("overseer")
    waiting = application.query_as(overseer, waiting_rules, Nothing())
    assert waiting is not None
    application.execute_as(overseer, reject_rules, OneRulesProposal(seq=waiting.seq))


@pytest.mark.on_postgresql
def test_everybody_who_may_agree_is_told_and_not_whoever_proposes(
    line: Line, sent: list[CodeMessage]
) -> None:
    proposes(line)
    line.worker.run_due()
    assert {message.mobile for message in sent} == {OVERSEER, SECOND}
    (text,) = {message.text for message in sent}
    waiting = line.city.application.query_as(line.city.as_("overseer"), waiting_rules, Nothing())
    assert waiting is not None
    assert text == rules_sms(waiting.until)
    assert sms_length(text) <= SMS_MOST
    line.until(tehran_day(line.clock.now) + DAY, "12:00")
    assert len(sent) == 2, "once"


def test_by_night_nobody_is_woken_by_it(line: Line, sent: list[CodeMessage]) -> None:
    day = tehran_day(line.clock.now)
    line.until(day, "22:30")
    proposes(line)
    line.until(day + DAY, "07:59")
    assert sent == []
    line.until(day + DAY, "08:01")
    assert {message.mobile for message in sent} == {OVERSEER, SECOND}


def test_what_is_decided_before_morning_is_not_told(line: Line, sent: list[CodeMessage]) -> None:
    day = tehran_day(line.clock.now)
    line.until(day, "22:30")
    proposes(line)
    rejects(line)
    line.until(day + DAY, "12:00")
    assert sent == []
    proposes(line)
    line.worker.run_due()
    assert len(sent) == 2, "the next one is"
    assert at_tehran(day + DAY, "12:00") <= line.clock.now


@pytest.mark.on_postgresql
def test_whoever_proposes_and_takes_back_all_day_buries_nothing(
    line: Line, sent: list[CodeMessage]
) -> None:
    """Otherwise eighty messages in three minutes would hide the one that matters."""
    day = tehran_day(line.clock.now)
    line.until(day, "12:00")
    for _ in range(PROPOSALS_A_DAY):
        proposes(line)
        line.worker.run_due()
        rejects(line)
        line.clock.forward(seconds=2)
    with pytest.raises(Denied, match="rules_proposed_often"):
        proposes(line)
    line.worker.run_due()
    assert len(sent) == 2 * PROPOSALS_A_DAY
    assert len(line.entries("rules_proposed")) == PROPOSALS_A_DAY
    proposes(line, "second_admin")  # another administrator is not limited by it
    rejects(line)
    line.until(day, "23:59")
    with pytest.raises(Denied, match="rules_proposed_often"):
        proposes(line)
    line.until(day + DAY, "00:00")
    proposes(line)
