"""A citizen with her card at a desk, in the officer's tab."""

import asyncio
import re
from typing import Any

from reflex_base.utils.form import FormData
from support.citizens import citizen, code_on, file, someone
from support.city import City
from support.staff_tab import Tab, do

from publicmeeting.domain.stages import Stage
from publicmeeting.kit.digits import ascii_digits, persian
from publicmeeting.text.filing import card_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.staff.person import Made, PersonState, Seen, Typed
from publicmeeting.usecases.accounts.person.card_in_hand import Reach, Whose

HER, STRANGER = someone(1), someone(2)


def run(state: Any, handler: Any, *provided: Any) -> Any:
    return asyncio.run(do(state, handler, *provided))


def opened(city: City, who: str = "desk") -> PersonState:
    return Tab(city.application, who).opens(PersonState, "/desk/person/")


def form(**fields: str) -> FormData:
    return FormData(list(fields.items()))


def looked(city: City) -> PersonState:
    state = opened(city)
    run(state, PersonState.read_card, form(kind="national", identity=persian(HER.identity)))
    return state


def squatted(city: City) -> str:
    keys = citizen(city.application, STRANGER.mobile)
    return file(city.application, HER, keys).code


def code_read(city: City) -> str:
    return persian(code_on(city.application, "+98" + HER.mobile[1:]))


def test_a_squatted_request_is_put_aside_and_her_own_mobile_confirmed(city: City) -> None:
    code = squatted(city)
    state = looked(city)
    assert (state.seen.is_known, state.seen.code) == (True, persian(code))
    assert [choice.value for choice in state.seen.whose] == ["mine", "not_mine"]
    assert HER.identity not in repr(state.dict())
    run(state, PersonState.choose_reach, Reach.KEEP.value)
    run(state, PersonState.choose_whose, Whose.NOT_MINE.value)
    assert state.typed.reach == "", "the stranger's mobile does not stay"
    assert Reach.KEEP not in {choice.value for choice in state.seen.reach}
    run(state, PersonState.choose_reach, Reach.MOBILE.value)
    for _ in range(2):  # a double tap, before anybody has seen the code's field
        run(state, PersonState.go, form(name=HER.name, mobile=persian(HER.mobile)))
        assert state.errors == {}
    assert "•" in state.typed.sent_to
    wrong = form(name=HER.name, mobile=persian(HER.mobile), code="۱۲")
    run(state, PersonState.go, wrong)
    assert state.errors == {"code": refusal("code_short")}
    run(
        state, PersonState.go, form(name=HER.name, mobile=persian(HER.mobile), code=code_read(city))
    )
    assert state.made.is_displaced
    assert state.done == card_text.DONE
    with city.application.store.unit_of_work(city.application.clock(), reading=True) as uow:
        found = uow.requests.find(code)
    assert found is not None
    assert found.stage is Stage.WITHDRAWN


def test_a_pin_is_shown_once_and_the_next_citizen_finds_nothing(city: City) -> None:
    file(city.application, HER)
    state = looked(city)
    run(state, PersonState.choose_whose, Whose.MINE.value)
    run(state, PersonState.choose_reach, Reach.NONE.value)
    run(state, PersonState.go, form(name=HER.name))
    assert re.fullmatch("[0-9]{6}", ascii_digits(state.made.pin))
    run(state, PersonState.next_one)
    assert (state.made, state.seen, state.typed.name) == (Made(), Seen(), "")
    shown = repr(state.dict())
    for hers in (HER.name, HER.identity, HER.mobile, persian(HER.identity)):
        assert hers not in shown


def test_every_refusal_stands_where_the_eye_is(city: City) -> None:
    squatted(city)
    state = opened(city)
    run(state, PersonState.read_card, form(kind="national", identity="12"))
    assert set(state.errors) == {"identity"}
    run(state, PersonState.read_card, form(kind="national", identity=HER.identity))
    run(state, PersonState.go, form(name=HER.name))
    assert state.refused == refusal("need_reach")
    run(state, PersonState.choose_reach, Reach.NONE.value)
    run(state, PersonState.go, form(name=""))
    assert set(state.errors) == {"name"}
    run(state, PersonState.go, form(name=HER.name))
    assert state.refused == refusal("need_whose")
    assert state.typed.name == HER.name, "nothing typed is lost"


def test_what_no_page_sends_does_nothing(city: City) -> None:
    state = opened(city)
    for handler, provided in (
        (PersonState.go, form(name="x", code="123456")),
        (PersonState.choose_whose, "not_mine"),
        (PersonState.choose_reach, "none"),
        (PersonState.read_card, form(kind="x", identity="\x00")),
    ):
        run(state, handler, provided)
    run(state, PersonState.send_again)
    assert (state.seen, state.made) == (Seen(), Made())
    assert state.typed == Typed(turn=state.typed.turn)


def test_nobody_but_a_desk_looks(city: City) -> None:
    squatted(city)
    for who in ("reception", "mayor", "overseer", "phone"):
        state = opened(city, who)
        run(state, PersonState.read_card, form(kind="national", identity=HER.identity))
        assert state.seen == Seen()
