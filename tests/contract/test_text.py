"""Persian texts are complete and in use, and fit their places."""

import re
import string
from functools import partial
from itertools import chain, product

from support.each import for_each

from publicmeeting.domain.choices import (
    LANE_REASONS,
    NO_SHOW_REASONS,
    AccessNeed,
    Audience,
    DeclineReason,
    Lane,
    LaneReason,
    NoShowReason,
    Original,
    Prefers,
    SkipReason,
    Verdict,
)
from publicmeeting.domain.lifecycle import tables
from publicmeeting.domain.roles import OFFICIALS, Role
from publicmeeting.domain.stages import Action, Need, OrderAction, OrderStage, Stage
from publicmeeting.text.lifecycle import (
    actions_text,
    needs_text,
    reasons_text,
    roles_text,
    stages_text,
    telephone_text,
)
from publicmeeting.text.meetings import reception_text
from publicmeeting.text.notices.citizen_notices_text import (
    BY_TELEPHONE,
    DISPLACED,
    FINAL,
    HIDDEN,
    UNREACHED,
)
from publicmeeting.text.notices.notices_text import (
    FACTS,
    NOTICE,
    PLACE_UNSURE,
    displaced,
    final,
    hidden,
    late_receipt,
    moved_for_standby,
    not_held,
    notice,
    notice_by_telephone,
    refused_offer,
    reminder,
    reminder_by_telephone,
    unreached,
)
from publicmeeting.text.notices.sms_text import SMS_MOST, sms_parts
from publicmeeting.text.officials import account_text
from publicmeeting.text.refusals.refusals_text import REFUSALS
from publicmeeting.text.tracking import case_text
from publicmeeting.turns.log import LogMark
from publicmeeting.usecases.meetings.day_place import PLACE_MOST

STEPS = tuple(tables.STEP_FOR.values())
EVERY_ACTION = {*Action, *OrderAction}

ASKED = {s.action for s in STEPS if Need.VERDICT in s.needs and s.by == (Role.CITIZEN,)}

COMPLETE = {
    "stages": (stages_text.STAGE, set(Stage)),
    "order stages": (stages_text.ORDER_STAGE, set(OrderStage)),
    "meanings of stages": (stages_text.STAGE_MEANING, {*Stage, *OrderStage}),
    "buttons": (actions_text.ACTION, {s.action for s in STEPS if s.by != (Role.CLOCK,)}),
    "past": (actions_text.DONE, EVERY_ACTION),
    "meanings of steps": (actions_text.MEANING, EVERY_ACTION),
    "ahead": (actions_text.AHEAD, {s.action for s in STEPS if s.main} - {Action.SUBMIT}),
    "roles": (roles_text.ROLE, set(Role)),
    "duties": (account_text.DUTY, set(OFFICIALS)),
    "labels": (needs_text.LABEL, set(Need)),
    "hints": (needs_text.HINT, set(Need)),
    "access needs": (needs_text.ACCESS_NEED, set(AccessNeed)),
    "preparations": (needs_text.PREPARE, set(AccessNeed)),
    "prefers": (needs_text.PREFERS, set(Prefers)),
    "lanes": (needs_text.LANE, set(Lane)),
    "hints of lanes": (needs_text.LANE_HINT, set(Lane)),
    "audiences": (needs_text.AUDIENCE, set(Audience)),
    "questions to the citizen": (needs_text.QUESTION, ASKED),
    "answers of the citizen": (needs_text.ANSWERS, ASKED),
    "decline reasons": (reasons_text.DECLINE, set(DeclineReason)),
    "skip reasons": (reasons_text.SKIP, set(SkipReason)),
    "lane reasons": (reasons_text.LANE_REASON, set(LaneReason)),
    "originals": (reasons_text.ORIGINAL, set(Original)),
    "originals on her road": (reasons_text.ORIGINAL_OUTCOME, set(Original)),
    "originals at the reception": (reception_text.ORIGINAL, set(Original)),
    "papers at the reception": (
        reception_text.PAPER,
        {
            why
            for (_, verdict), some in LANE_REASONS.items()
            if verdict is Verdict.YES
            for why in some
        },
    ),
    "no-show reasons": (reasons_text.NO_SHOW, set(NoShowReason)),
    "notices": (NOTICE, {(s.action, role) for s in STEPS for role in s.notifies}),
}


@for_each(COMPLETE)
def test_every_member_has_its_words_and_no_word_is_left_over(name):
    words, members = COMPLETE[name]
    assert set(words) == members


@for_each({s.action for s in STEPS if Role.CITIZEN in s.by})
def test_the_title_of_her_own_step_addresses_her(action):
    assert "شهروند" not in case_text.OWN.get(action, actions_text.DONE[action])


@for_each(ASKED)
def test_a_question_to_the_citizen_has_both_answers(action):
    assert set(needs_text.ANSWERS[action]) == set(Verdict)


def test_every_reason_fits_some_answer():
    assert set(chain.from_iterable(LANE_REASONS.values())) == set(LaneReason)
    assert set(chain.from_iterable(NO_SHOW_REASONS.values())) == set(NoShowReason)
    assert set(LANE_REASONS) == {(lane, v) for lane in (Lane.ACCESS, Lane.URGENT) for v in Verdict}


def placeholders(template):
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


# The longest value that each placeholder may have.
LONGEST = {
    "code": "0506123457",
    "district": 22,
    "day": "دوشنبه ۳۱ اردیبهشت",
    "time": "۱۲:۴۵",
    "until": "تا سه‌شنبه ۳۱ اردیبهشت، ساعت ۲۰:۰۰",
    "due": "چهارشنبه ۳۱ اردیبهشت ۱۴۰۶",
    "order": "14050909067-2",
    "unit": "معاونت برنامه‌ریزی و توسعهٔ سرمایهٔ انسانی",
    "log": LogMark(9_999_999, "7c1e90ab" * 8).short,
    "when": "پنجشنبه ۳۱ اردیبهشت، ساعت ۱۲:۰۰",
    "where": "publicmeeting.tehran.ir",
    "why": ": شهردار و جانشین نمی‌آیند",
    "place": "ن" * PLACE_MOST,
}
MOST_PARTS = 2
NOTICES = for_each(NOTICE, ids="-".join)


def test_the_facts_of_notices_are_those_tried_here():
    assert set(LONGEST) == FACTS


@NOTICES
def test_a_notice_names_no_fact_but_the_known_ones(key):
    template = NOTICE[key]
    for sentence in (template.title, template.text, template.sms):
        assert placeholders(sentence) <= FACTS
    assert not placeholders(template.title)


@NOTICES
def test_only_a_citizen_gets_an_sms_and_it_fits_in_two_parts(key):
    sms = notice(*key, **LONGEST).sms
    if key[1] is not Role.CITIZEN:
        assert sms == ""
        return
    assert NOTICE[key].sms.startswith("درخواست ملاقات {code}: ")
    assert sms.startswith("درخواست ملاقات ۰۵۰۶۱۲۳۴۵۷: ")
    assert sms_parts(sms) <= MOST_PARTS


INSTEAD = (
    *product((notice_by_telephone,), BY_TELEPHONE),
    *product((unreached,), UNREACHED),
    *product((displaced,), DISPLACED),
    *product((hidden,), HIDDEN),
    *product((final,), FINAL),
)
"""Texts that stand for the table's, each with its action."""
OF_HER_SEAT = {name: LONGEST[name] for name in ("code", "day", "time", "log")}


@for_each(INSTEAD)
def test_a_text_instead_of_the_tables_fits_in_two_parts_as_well(text):
    words, action = text
    assert len(words(action, Role.CITIZEN, **LONGEST).sms) <= SMS_MOST


@for_each((refused_offer, late_receipt, not_held, moved_for_standby))
def test_a_text_of_one_case_fits_in_two_parts_as_well(words):
    assert len(words(**LONGEST).sms) <= SMS_MOST


@for_each(tuple(product((reminder, reminder_by_telephone), (0, 1, 2))))
def test_a_reminder_fits_in_two_parts(text):
    words, ahead = text
    assert len(words(**OF_HER_SEAT, days_ahead=ahead).sms) <= SMS_MOST


@for_each(("شهرداری منطقهٔ ۲۲، بلوار کوهک، سالن ملاقات", "شهرداری منطقهٔ ۲۲", PLACE_UNSURE))
def test_a_reminder_names_where_to_come_as_far_as_two_parts_reach(place):
    far = reminder(**OF_HER_SEAT, days_ahead=1, place=place).sms
    near = reminder(**{**OF_HER_SEAT, "day": "دوشنبه ۹ آذر"}, days_ahead=1, place=place).sms
    for sms in (far, near):
        assert len(sms) <= SMS_MOST
        assert place.split("،")[0][:12] in sms


def test_a_reminder_has_room_for_whom_to_ask_where_to_come():
    for ahead in (0, 1):
        assert PLACE_UNSURE in reminder(**OF_HER_SEAT, days_ahead=ahead, place=PLACE_UNSURE).sms


@NOTICES
def test_an_sms_says_where_to_read_on_and_what_the_eight_signs_are(key):
    sms, facts = NOTICE[key].sms, placeholders(NOTICE[key].sms)
    assert "سامانه" not in sms
    assert ("log" in facts) == ("رسید دفتر" in sms)
    text = notice(*key, **LONGEST).sms
    assert (LONGEST["where"] in text) == ("where" in facts)
    if "log" in facts:
        assert text.endswith(f"\u2066{LONGEST['log']}\u2069")


@for_each(tuple(product((notice, notice_by_telephone), (Action.SEAT, Action.OFFER))))
def test_an_sms_that_asks_whether_she_comes_says_where_to_answer(asked):
    words, action = asked
    sms = words(action, Role.CITIZEN, **LONGEST).sms
    assert "سایت یا ۱۳۷، تا سه‌شنبه ۲۰:۰۰" in sms
    assert len(sms) <= SMS_MOST


@for_each((partial(notice, Action.CANCEL_MONDAY, Role.CITIZEN), not_held))
def test_an_sms_of_a_monday_without_meetings_says_how_long_she_is_ahead_of_others(words):
    ahead = "تا نوبت بگیرید جلوتر از دیگرانید"
    in_short = words(**{**LONGEST, "day": "دوشنبه ۹ آذر", "why": ": آلودگی هوا"}).sms
    assert ahead in in_short
    assert ": آلودگی هوا." in in_short
    longest = words(**LONGEST).sms
    assert ahead in longest
    assert len(longest) <= SMS_MOST
    assert "جانشین" not in longest


@for_each([key for key in NOTICE if Role.DEPUTY in tables.STEP_FOR[key[0]].by])
def test_a_notice_of_what_a_deputy_may_do_says_of_no_mayor_that_he_did_it(action, role):
    template = NOTICE[action, role]
    assert "شهردار" not in template.title
    for sentence in (template.text, template.sms):
        assert not re.search(r"(^|[.:؛] )شهردار ", sentence)


@NOTICES
def test_an_address_too_long_for_two_parts_is_left_out(key):
    far = {**LONGEST, "where": "meetings.of.the.municipality.of.tehran.example"}
    assert len(notice(*key, **far).sms) <= SMS_MOST
    assert "{" not in notice(*key, **far).sms


ABOUT_TURNS = (
    *(Action.SUBMIT, Action.ACCEPT, Action.TAKE_IN, Action.REDIRECT, Action.SEAT, Action.OFFER),
    *(Action.TAKE_FREE, Action.CONFIRM, Action.GIVE_UP_SEAT, Action.LAPSE_SEAT, Action.MOVE_ONCE),
    Action.OWE_SEAT,
    *(Action.CANCEL_MONDAY, Action.NO_SHOW, Action.DECIDE_NO_SHOW, Action.DAY_OVER),
    *(Action.STAND_IN, Action.NOT_CALLED),
    Action.WITHDRAW,
)


@for_each(ABOUT_TURNS)
def test_an_sms_about_a_turn_carries_the_logs_newest_hash(action):
    assert "{log}" in NOTICE[action, Role.CITIZEN].sms


@for_each(Need)
def test_every_need_that_is_not_given_has_a_sentence(need):
    assert f"need_{need.value}" in REFUSALS


@for_each(actions_text.ACTION.values())
def test_a_button_names_its_act(label):
    assert label not in {"تأیید", "ارسال", "بله", "خیر", "ادامه", "ثبت"}
    assert len(label) <= 32
    assert not label.endswith(".")


def test_no_two_buttons_of_one_stage_are_called_the_same():
    for stage in (*Stage, *OrderStage):
        labels = [
            actions_text.ACTION[step.action]
            for step in STEPS
            if stage in step.at and step.action in actions_text.ACTION
        ]
        assert len(labels) == len(set(labels))


def test_what_stands_on_her_timeline_for_weeks_counts_no_day_from_the_reading() -> None:
    for action, by_telephone in product(EVERY_ACTION, (False, True, None)):
        meaning = telephone_text.meaning(action, by_telephone=by_telephone)
        assert not {"امروز", "فردا", "دیروز"} & set(meaning.replace(".", " ").split()), action
        assert "روز دیگر" not in meaning, action
        # Only an office is late by working days, and the page says so; her own days end silently.
        own_days = re.findall(r"تا \S+ روز(?! کاری)(?! پس از این تاریخ)", meaning)
        assert own_days == [], f"{action}: from which day on?"


def test_what_a_stage_means_names_no_deadline_because_its_date_is_shown_beside_it() -> None:
    meanings = {
        telephone_text.stage_meaning(stage, by_telephone=by_telephone)
        for stage in (*Stage, *OrderStage)
        for by_telephone in (False, True, None)
    }
    assert {meaning for meaning in meanings if "مهلت" in meaning} == set()


def test_a_declined_request_names_the_days_of_its_objection() -> None:
    """The sentence is on the tracking page for months, where no date is beside it."""
    meaning = telephone_text.stage_meaning(Stage.DECLINED, by_telephone=None)
    assert "تا ده روز پس از رد" in meaning
