"""The national matching service: a yes raises the level; a no and silence change nothing."""

import json
from datetime import timedelta

import httpx2
import pytest
from support.citizens import Someone, a_form, citizen, file, someone

from publicmeeting.application import Application
from publicmeeting.config import Settings, SettingsError
from publicmeeting.domain.officials.audit import SecurityKind
from publicmeeting.domain.people import Level, parse_mobile
from publicmeeting.kit.outside.http_call import SmsGateway
from publicmeeting.notify.circuit import FAILURES, REFUSALS
from publicmeeting.notify.gateway import Matcher
from publicmeeting.store.database.rows.people import PersonRow
from publicmeeting.usecases.filing.submitting import submit
from publicmeeting.usecases.identity import AGAIN, AT_ONCE
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.web.checkup import Verdict, gateway
from publicmeeting.worker.asking import match

CALL = SmsGateway(
    url="https://match.example/check",
    method="POST",
    headers='{"X-API-KEY": "the word"}',
    body='{"mobile": "{mobile}", "nationalCode": "{identity}"}',
    body_format="json",
    success="result.matched=true",
)


class Nation:
    """A matching service that gives the test's answer and records queries."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.status, self.answer = 200, {"result": {"matched": True}}

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(json.loads(request.content))
        return httpx2.Response(self.status, json=self.answer)


@pytest.fixture
def nation(application: Application) -> Nation:
    """The matching service of this city."""
    nation = Nation()
    application.matcher = Matcher(CALL, 20, httpx2.MockTransport(nation))
    return nation


def level(application: Application, who: Someone) -> Level:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        person = uow.people.by_identity("national", who.identity)
    assert person is not None
    return person.level


def test_a_yes_makes_her_matched_and_is_asked_once(application, city, nation):
    her = someone(1)
    file(application, her)
    assert match(application) == 1
    assert nation.asked == [{"mobile": her.mobile, "nationalCode": her.identity}]
    assert level(application, her) is Level.MATCHED
    assert match(application) == 0
    assert len(nation.asked) == 1


def test_a_no_accuses_nobody_and_is_asked_again_with_the_next_request(
    application, city, nation, clock
):
    nation.answer = {"result": {"matched": False}}
    her = someone(1)
    keys = citizen(application, her.mobile)
    request = file(application, her, keys)
    assert match(application) == 1
    assert level(application, her) is Level.TYPED
    clock.forward(days=1)
    assert match(application) == 0
    application.execute_now(take_step, keys, TakeStep(code=request.code, action="withdraw"))
    application.execute_now(submit, keys, a_form(her, title="درخت خشک"))
    nation.answer = {"result": {"matched": True}}
    assert match(application) == 1
    assert level(application, her) is Level.MATCHED


def test_a_no_is_no_fault_of_the_service(application, city, nation):
    nation.answer = {"result": {"matched": False}}
    for number in range(1, REFUSALS + 1):
        file(application, someone(number))
        assert match(application) == 1
    assert gateway(application.gateways()).verdict is Verdict.OK


@pytest.mark.parametrize(
    ("status", "answer"), [(500, {}), (401, {}), (403, {}), (200, {"maintenance": True})]
)
def test_silence_leaves_her_typed_and_is_asked_again_later(
    application, city, nation, clock, status, answer
):
    nation.status, nation.answer, yes = status, answer, nation.answer
    her = someone(1)
    file(application, her)
    assert match(application) == 0
    assert level(application, her) is Level.TYPED
    assert match(application) == 0
    nation.status, nation.answer = 200, yes
    clock.forward(seconds=AGAIN.total_seconds() + 1)
    assert match(application) == 1
    assert level(application, her) is Level.MATCHED


def test_whoever_the_service_never_answers_about_costs_few_questions(
    application, city, nation, clock
):
    """It may know no passports, and each question is paid for and counts against the day."""
    nation.status = 422
    file(application, someone(1))
    for _ in range(24 * 12):
        match(application)
        clock.forward(minutes=5)
    assert len(nation.asked) == 7


def test_a_service_that_is_down_is_left_alone(application, city, nation):
    nation.status = 500
    for number in range(1, FAILURES + 4):
        file(application, someone(number))
        match(application)
    assert len(nation.asked) == FAILURES
    assert application.gateways()[-1].name == "matching"


def test_another_mobile_is_another_question(application, city, nation):
    her = someone(1)
    request = file(application, her)
    match(application)
    with application.store.unit_of_work(application.clock()) as uow:
        uow.people.set_mobile(request.person_id, parse_mobile("09350000077"))
    assert level(application, her) is Level.TYPED
    assert match(application) == 1
    assert nation.asked[-1]["mobile"] == "09350000077"


@pytest.mark.on_postgresql
def test_an_answer_about_a_mobile_she_has_no_more_is_for_nothing(application, city, nation, clock):
    her = someone(1)
    request = file(application, her)

    def changes(_request: httpx2.Request) -> httpx2.Response:
        with application.store.unit_of_work(application.clock()) as uow:
            uow.people.set_mobile(request.person_id, parse_mobile("09350000077"))
        return httpx2.Response(200, json={"result": {"matched": True}})

    of_nation = application.matcher
    application.matcher = Matcher(CALL, 20, httpx2.MockTransport(changes))
    match(application)
    assert level(application, her) is Level.TYPED
    application.matcher = of_nation
    clock.forward(minutes=2, seconds=1)
    assert match(application) == 1, "the question is about her new mobile now"
    assert [asked["mobile"] for asked in nation.asked] == ["09350000077"]
    assert level(application, her) is Level.MATCHED


def test_a_days_questions_have_their_end_and_somebody_hears_of_it(application, city, nation):
    for number in range(1, 25):
        file(application, someone(number))
    for _ in range(4):
        match(application)
    assert len(nation.asked) == 20
    assert AT_ONCE < 20
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        events = uow.security.page((SecurityKind.MATCH_BUDGET,), most=9)
    assert [event.count for event in events] == [1]


def test_without_a_service_nobody_is_asked_and_everybody_files(application, city):
    assert application.matcher is None
    file(application, someone(1))
    assert match(application) == 0


def test_the_claim_of_a_process_that_died_is_over_soon(application, city, nation, clock):
    her = someone(1)
    file(application, her)
    with application.store.unit_of_work(clock()) as uow:
        assert len(uow.people.claim_matches(timedelta(minutes=2), 9)) == 1
    assert match(application) == 0
    clock.forward(minutes=2, seconds=1)
    assert match(application) == 1


def test_a_service_without_a_yes_is_no_setting():
    described = {
        "PUBLICMEETING_MATCH_URL": "https://match.example/{mobile}/{identity}",
        "PUBLICMEETING_MATCH_METHOD": "GET",
    }
    with pytest.raises(SettingsError, match="PUBLICMEETING_MATCH_SUCCESS is missing"):
        Settings.from_environment(described)
    with pytest.raises(SettingsError, match=r"carries no \{identity\}"):
        Settings.from_environment(
            {
                **described,
                "PUBLICMEETING_MATCH_URL": "https://match.example/{mobile}",
                "PUBLICMEETING_MATCH_SUCCESS": "matched=true",
            }
        )
    whole = Settings.from_environment({**described, "PUBLICMEETING_MATCH_SUCCESS": "matched=true"})
    assert whole.match is not None
    assert "match.example" not in repr(whole)


@pytest.mark.parametrize("damage", ["unreadable", "no number", "no mobile any more"])
def test_one_person_who_cannot_be_asked_about_leaves_the_others_their_answer(
    application, city, nation, clock, damage
):
    broken, *others = (someone(number) for number in (1, 2, 3))
    for one in (broken, *others):
        file(application, one)
    with application.store.unit_of_work(application.clock()) as uow:
        key = uow.people.by_identity("national", broken.identity).id
        row = uow.session.get(PersonRow, key)
        if damage == "no number":
            row.mobile = uow.vault.seal("person.mobile", key, "?")
        else:
            row.mobile = b"\0" if damage == "unreadable" else None
    assert match(application) == 2
    assert {level(application, one) for one in others} == {Level.MATCHED}
    asked = len(nation.asked)
    clock.forward(minutes=5)
    assert match(application) == 0
    assert len(nation.asked) == asked
