"""The rules as everybody reads them, and the administrator's form."""

import asyncio
import copy
from typing import Any

import pytest
from support.line import Line
from support.staff_tab import Tab, do
from support.triggers import write
from support.witnesses import Witness

from publicmeeting.application import Application
from publicmeeting.kit.digits import persian
from publicmeeting.kit.hashing import sha
from publicmeeting.store.line.shared_book import SharedBook
from publicmeeting.text.line.rules_text import MOMENT, WEAKER, differences, moment_words, rule_words
from publicmeeting.turns.rules.announced import DEFAULT_RULES, MOMENTS
from publicmeeting.turns.rules.weaker import Weaker
from publicmeeting.ui.city import rules
from publicmeeting.ui.city.rules import MakeRulesState
from publicmeeting.ui.city.rules_by_two import RulesByTwoState
from publicmeeting.ui.public.rules import RulesState


def read(application: Application) -> RulesState:
    state = Tab(application).state(RulesState)
    asyncio.run(do(state, RulesState.load))
    return state


def desk(application: Application, username: str = "administrator") -> Any:
    state = Tab(application, username).state(MakeRulesState)
    asyncio.run(do(state, MakeRulesState.load))
    return state


def typed(state: MakeRulesState, **change: str) -> dict[str, str]:
    return {
        **state.filled,
        "from_on": state.draft.mondays[0].value,
        **change,
    }


def test_every_rule_has_words_and_the_moments_come_in_their_order() -> None:
    sentences = rule_words(DEFAULT_RULES)
    assert set(MOMENT) == set(MOMENTS)
    assert [key.partition(".")[2] for key in sentences if key.startswith("week.")] == list(MOMENTS)
    assert sentences["lanes.access"] == ("سهمیهٔ معلولان", "۱ نوبت در هر دوشنبه")
    assert sentences["windows.early"] == ("«اول وقت»", "تا ساعت ۱۱:۰۰")
    assert sentences["windows.late"] == ("«آخر وقت»", "از ساعت ۱۱:۰۰")
    assert sentences["offers"][1] == "۲ ساعت، میان ساعت ۸:۰۰ تا ۲۰:۰۰"


def test_the_keys_of_the_log_have_words_too() -> None:
    log = {"origin": "log.example", "keys": ["log.example+1+a", "log.example+2+b"]}
    sentences = rule_words({**DEFAULT_RULES, "log": log})
    assert "log" not in sentences
    name, keys = sentences["log.keys"]
    assert name == "کلیدهای دفتر عمومی"
    assert all(key in keys for key in log["keys"])


@pytest.mark.parametrize(
    ("days", "at", "sentence"),
    [
        (6, "12:00", "سه‌شنبه، ۶ روز پیش از ملاقات، ساعت ۱۲:۰۰"),
        (9, "24:00", "پایان شنبه، ۹ روز پیش از ملاقات"),
        (0, "00:30", "دوشنبه، روز ملاقات، ساعت ۰:۳۰"),
        (None, "14:00", "ساعت ۱۴:۰۰"),
    ],
)
def test_a_moment_is_a_weekday_and_an_hour(days: int | None, at: str, sentence: str) -> None:
    assert moment_words(at, days) == sentence


def test_what_differs_is_told_and_nothing_else() -> None:
    after = copy.deepcopy(dict(DEFAULT_RULES))
    after["version"] = 2
    assert differences(DEFAULT_RULES, after) == []
    after["lanes"] = {"access": 1, "families": 2}
    after["late_value"] = {**after["late_value"], "session": "08:30"}
    after["note"] = "x"
    assert differences(DEFAULT_RULES, after) == [
        ("سهمیهٔ فوری", "۱ نوبت در هر دوشنبه", "نیست"),
        ("آغاز معامله در روز عدد", "ساعت ۹:۰۰", "ساعت ۸:۳۰"),
        ("families", "نیست", "۲ نوبت در هر دوشنبه"),
        ("note", "نیست", '"x"'),
    ]


def test_everybody_reads_the_rules_in_force_and_can_hash_them(
    line: Line, application: Application
) -> None:
    state = read(application)
    shelf = state.shelf
    assert shelf.current.title == "نسخهٔ ۱، از دوشنبه ۸ دی ۱۴۰۴"
    assert sha(shelf.current.exact) == shelf.current.hash
    assert (shelf.coming, shelf.earlier, shelf.current.changes) == ((), (), ())


def test_everybody_reads_the_rules_while_the_log_cannot_be_read(
    line: Line, application: Application
) -> None:
    application.store._shared_book = SharedBook()
    wrong = "UPDATE public_log SET body = replace(body, '{', '{ ') WHERE seq = 1"
    write(line, wrong)
    shelf = read(application).shelf
    assert shelf.current.title
    assert not shelf.districts_sum
    write(line, wrong.replace("'{', '{ '", "'{ ', '{'"))


def test_a_version_is_compared_announced_and_then_public(
    line: Line, application: Application
) -> None:
    state = desk(application)
    assert state.filled["access"] == "۱"
    assert state.draft.mondays[0].label == "دوشنبه ۲۳ آذر ۱۴۰۵"
    asyncio.run(do(state, MakeRulesState.preview, typed(state, slot_minutes="۲۰")))
    assert (state.seen.version, state.refused, state.errors) == ("۲", "", {})
    assert [name for name, _, _ in state.seen.changes] == ["زمان هر ملاقات"]
    assert (state.seen.ways, state.seen.two) == ((), "")
    assert read(application).shelf.coming == ()
    follows = asyncio.run(do(state, MakeRulesState.announce, state.seen.hash))
    assert "compared" in str(follows), "the eye is led to the answer"
    assert state.done == "نسخهٔ ۲ اعلام شد. از دوشنبه ۲۳ آذر ۱۴۰۵ اجرا می‌شود."
    (coming,) = read(application).shelf.coming
    assert [change.name for change in coming.changes] == ["زمان هر ملاقات"]
    assert state.seen.version == ""
    asyncio.run(do(state, MakeRulesState.announce, state.seen.hash))
    assert len(line.entries("rules_announced")) == 2


def test_what_is_refused_is_told_beside_its_field_and_cannot_be_announced(
    line: Line, application: Application
) -> None:
    state = desk(application)
    asyncio.run(do(state, MakeRulesState.preview, typed(state, session_at="۷:۰۰")))
    assert state.errors == {
        "freeze_at": "میان بستن فهرست و آغاز معامله ۲۰ ساعت لازم است. فهرست را زودتر ببندید."
    }
    asyncio.run(do(state, MakeRulesState.preview, typed(state, access="۲", from_on="2026-12-07")))
    assert "دوشنبه ۲۳ آذر" in state.errors["from_on"]
    asyncio.run(do(state, MakeRulesState.preview, typed(state)))
    assert state.refused.startswith("چیزی عوض نشده است")
    asyncio.run(do(state, MakeRulesState.announce, state.seen.hash))
    assert len(line.entries("rules_announced")) == 1


def test_keys_are_not_among_the_rules_that_a_citizen_reads(
    line: Line, application: Application
) -> None:
    del line
    current = read(application).shelf.current
    assert ("زمان هر ملاقات", "۱۵ دقیقه") in current.facts
    assert not [name for name, value in current.facts if "+" in value or "دفتر" in name]
    assert [name for name, _ in current.program_facts if name == "کلیدهای دفتر عمومی"]


def test_an_answer_to_comparing_stands_where_the_comparison_would(
    line: Line, application: Application
) -> None:
    del line
    state = desk(application)
    asyncio.run(do(state, MakeRulesState.preview, typed(state, urgent="۹۹۹")))
    assert "دست‌کم یک نوبت برای صف همگان" in state.errors["urgent"]
    drawn = str(rules.page())
    answer = 'make_rules_state.answer_rx_state_?.["'
    assert drawn.index(f'{answer}refused"]') > drawn.index('id:"compared"')
    assert drawn.index(f'{answer}done"]') > drawn.index('id:"compared"')


def test_no_other_official_sees_the_form(line: Line, application: Application) -> None:
    for username in ("desk", "mayor"):
        assert desk(application, username).missing
        assert by_two(application, username).missing
    assert not desk(application, "overseer").is_maker
    assert desk(application, "administrator").is_maker


def by_two(application: Application, username: str) -> Any:
    state = Tab(application, username).state(RulesByTwoState)
    asyncio.run(do(state, RulesByTwoState.load))
    return state


def proposed(application: Application) -> Any:
    """A proposal by the administrator: dice instead of the exchange, and one more lane."""
    state = desk(application)
    asyncio.run(do(state, MakeRulesState.preview, typed(state, access="۲", late_kind="dice")))
    asyncio.run(do(state, MakeRulesState.announce, state.seen.hash))
    return state


def test_a_version_that_weakens_the_draw_waits_for_somebody_else(
    line: Line, application: Application
) -> None:
    state = desk(application)
    asyncio.run(do(state, MakeRulesState.preview, typed(state, access="۲", late_kind="dice")))
    assert state.seen.ways == (WEAKER[Weaker.LATE_VALUE], WEAKER[Weaker.LANES])
    assert "تا پایان یکشنبه ۱ آذر" in state.seen.two
    asyncio.run(do(state, MakeRulesState.announce, state.seen.hash))
    assert state.done.startswith("نسخهٔ ۲ پیشنهاد شد")
    assert read(application).shelf.coming == ()
    own = by_two(application, "administrator")
    assert own.waiting.own
    overseer = by_two(application, "overseer")
    waiting = overseer.waiting
    assert (waiting.own, waiting.since) == ("", "نسخهٔ ۲، از دوشنبه ۲۳ آذر ۱۴۰۵")
    assert len(waiting.changes) == 3
    assert waiting.unsigned
    asyncio.run(do(overseer, RulesByTwoState.agree, {"seq": waiting.seq}))
    assert overseer.refused.startswith("هیچ شاهدی")
    assert len(line.entries("rules_announced")) == 1
    asyncio.run(do(overseer, RulesByTwoState.agree, {"seq": waiting.seq, "unsigned": "on"}))
    assert overseer.done == "نسخهٔ ۲ اعلام شد. از دوشنبه ۲۳ آذر ۱۴۰۵ اجرا می‌شود."
    assert overseer.waiting.seq == ""
    assert len(read(application).shelf.coming) == 1
    done = overseer.done  # a double press announces once, and asks nobody to propose again
    asyncio.run(do(overseer, RulesByTwoState.agree, {"seq": waiting.seq, "unsigned": "on"}))
    assert (overseer.done, overseer.refused) == (done, "")
    other = by_two(application, "overseer")
    asyncio.run(do(other, RulesByTwoState.agree, {"seq": waiting.seq, "unsigned": "on"}))
    assert other.refused.startswith("این پیشنهاد دیگر باز نیست")
    assert len(line.entries("rules_announced")) == 2


def test_a_signature_that_comes_is_on_the_page_and_a_proposal_is_taken_back(
    line: Line, application: Application
) -> None:
    proposed(application)
    overseer = by_two(application, "overseer")
    with line.reading() as uow:
        waiting = uow.rules_proposals.newest()
    Witness(line, "press").signs_rules(waiting.from_on, waiting.rules.hash)
    asyncio.run(do(overseer, RulesByTwoState.load))
    assert overseer.waiting.unsigned == ""
    assert "انجمن روزنامه‌نگاران" in overseer.waiting.signed
    own = by_two(application, "administrator")
    asyncio.run(do(own, RulesByTwoState.agree, {"seq": own.waiting.seq}))
    assert own.refused.startswith("این پیشنهاد خودتان است")
    seq = own.waiting.seq
    for _ in range(2):
        asyncio.run(do(own, RulesByTwoState.reject, seq))
        assert "کنار گذاشته شد" in own.done
    assert own.refused == ""
    assert own.waiting.seq == ""
    assert len(line.entries("rules_announced")) == 1


def test_everybody_reads_a_proposal_while_it_waits_and_that_it_is_not_in_force(
    line: Line, application: Application
) -> None:
    assert read(application).shelf.proposals == ()
    proposed(application)
    (seq,) = (entry.seq for entry in line.log() if entry.kind == "rules_proposed")
    (proposal,) = read(application).shelf.proposals
    assert proposal.title == "نسخهٔ ۲، از دوشنبه ۲۳ آذر ۱۴۰۵"
    assert persian(seq) in proposal.proposed
    assert "تا پایان یکشنبه ۱ آذر" in proposal.needs
    assert proposal.signed.startswith("هنوز هیچ شاهدی")
    assert len(proposal.changes) == 3
    with line.reading() as uow:
        waiting = uow.rules_proposals.newest()
    assert proposal.hash == waiting.rules.hash
    Witness(line, "press").signs_rules(waiting.from_on, waiting.rules.hash)
    assert "انجمن روزنامه‌نگاران" in read(application).shelf.proposals[0].signed
    own = by_two(application, "administrator")
    asyncio.run(do(own, RulesByTwoState.reject, own.waiting.seq))
    assert read(application).shelf.proposals == ()


def test_a_press_for_no_proposal_does_nothing(line: Line, application: Application) -> None:
    proposed(application)
    overseer = by_two(application, "overseer")
    for seq in ("", "x", "-1", "٩٩٩٩", "9" * 5000):
        asyncio.run(do(overseer, RulesByTwoState.agree, {"seq": seq, "unsigned": "on"}))
        assert overseer.refused.startswith("این پیشنهاد دیگر باز نیست")
    assert len(line.entries("rules_announced")) == 1


def test_a_press_announces_no_rules_that_did_not_stand_over_it(
    line: Line, application: Application
) -> None:
    state = desk(application)
    asyncio.run(do(state, MakeRulesState.preview, typed(state, slot_minutes="۲۰")))
    stood = state.seen.hash
    asyncio.run(do(state, MakeRulesState.preview, typed(state, slot_minutes="۱۰")))
    asyncio.run(do(state, MakeRulesState.announce, stood))
    assert len(line.entries("rules_announced")) == 1
    assert state.refused == MakeRulesState.NOT_SENT
    asyncio.run(do(state, MakeRulesState.announce, state.seen.hash))
    assert len(line.entries("rules_announced")) == 2
