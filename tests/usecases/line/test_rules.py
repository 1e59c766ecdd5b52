"""Rules are announced in public and in time, and never change for an open Monday."""

from datetime import date, timedelta

import pytest
from support.city import WITNESSES
from support.documents import Documents
from support.each import in_one_city
from support.line import MONDAY, Line
from support.triggers import end_of_log, put_back, write
from support.witnesses import Witness

from publicmeeting.domain.errors import Denied, FormError, Invalid
from publicmeeting.domain.roles import NOBODY
from publicmeeting.domain.stages import Action
from publicmeeting.store.line import shared_book
from publicmeeting.turns.log import verify_chain
from publicmeeting.turns.rules.announced import DEFAULT_RULES
from publicmeeting.turns.verification import verify
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.line.rules import (
    RulesForm,
    RulesPage,
    RulesPreview,
    announce_rules,
    form_of,
    preview_rules,
    rules_draft,
    rules_page,
)
from publicmeeting.usecases.line.rules_by_two import (
    OneRulesProposal,
    agree_to_rules,
    waiting_rules,
)

WEEK = timedelta(weeks=1)
OPENED = MONDAY + WEEK
"""The last Monday that is open when the tests begin; the next opens two days later."""
FIRST = OPENED + WEEK


def form(from_on: date = FIRST, **change: str) -> RulesForm:
    witnesses = "\n".join(" ".join(witness).strip() for witness in WITNESSES)
    fields = {**form_of(DEFAULT_RULES), "access": "2", "witnesses": witnesses, **change}
    return RulesForm.model_validate({**fields, "from_on": from_on.isoformat()})


def announced(line: Line, command: RulesForm) -> RulesPreview:
    """Announce rules, with a witness's signature and the overseer if they need them."""
    city = line.city
    made = city.application.execute_as(city.as_("administrator"), announce_rules, command)
    if made.weaker:
        overseer = city.as_("overseer")
        waiting = city.application.query_as(overseer, waiting_rules, Nothing())
        Witness(line, WITNESSES[0][0]).signs_rules(made.from_on, made.rules.hash)
        yes = OneRulesProposal(seq=waiting.seq)
        city.application.execute_as(overseer, agree_to_rules, yes)
    return made


def page(line: Line) -> RulesPage:
    return line.city.application.query_as(NOBODY, rules_page, Nothing())


def test_the_first_rules_are_told_when_the_city_is_founded_and_never_again(line):
    (entry,) = line.entries("rules_announced")
    rules = page(line).versions[0].rules
    assert (entry["rules"], entry["hash"]) == (rules.body, rules.hash)
    assert [one.kind for one in line.log()[:2]] == ["log_opened", "rules_announced"]
    line.until(MONDAY + 2 * WEEK)
    assert len(line.entries("rules_announced")) == 1


def test_an_announcement_is_in_the_log_at_once_and_open_to_everybody(line):
    made = announced(line, form())
    assert line.entries("rules_announced")[-1] == {
        "from": "1405-09-23",
        "hash": made.rules.hash,
        "rules": made.rules.body,
    }
    seen = page(line)
    assert [version.rules.version for version in seen.versions] == [2, 1]
    assert seen.in_force == 1
    assert seen.before(2).rules.version == 1
    assert seen.before(1) is None
    assert verify_chain(line.log()) == ()


def test_open_mondays_keep_their_rules_and_the_named_one_has_the_new(line):
    announced(line, form())
    line.until(MONDAY - 4 * timedelta(days=1))
    for monday, access in ((MONDAY, 1), (OPENED, 1), (FIRST, 2)):
        file = line.draw(monday).file
        assert file["rules"]["lanes"]["access"] == access
        assert file["rules_hash"] == page(line).versions[2 - file["rules"]["version"]].rules.hash
    line.file(10)
    line.until(OPENED, "20:00")
    assert page(line).in_force == 1
    line.until(FIRST - timedelta(days=5), "21:00")
    assert page(line).in_force == 2
    for monday in (MONDAY, OPENED, FIRST):
        assert verify(line.draw(monday).file) == ()


@in_one_city("monday", [MONDAY, OPENED, date(2026, 1, 5)])
def test_rules_dated_too_soon_are_refused_and_told_the_first_monday_left(line, monday):
    with pytest.raises(Invalid) as refusal:
        announced(line, form(monday))
    assert (refusal.value.key, refusal.value.field) == ("rules_too_soon", "from_on")
    assert refusal.value.facts == {"day": "دوشنبه ۲۳ آذر", "days": 14}
    assert len(line.entries("rules_announced")) == 1


def test_fourteen_days_are_needed_even_where_no_monday_is_open(city, clock):
    line = Line(city, clock)  # the clock has not ticked: nothing is open yet
    fourteen = date(2026, 12, 7)  # sixteen days after this Saturday
    with pytest.raises(Invalid, match="rules_too_soon"):
        announced(line, form(fourteen - WEEK))
    clock.set(clock() + timedelta(days=2))  # Monday 23 November: exactly fourteen days
    harmless = form(fourteen, access="1", slot_minutes="20")
    assert announced(line, harmless).from_on == fourteen


def test_nobody_announces_a_week_of_minutes(line):
    minute = {
        "objections_until_at": ("12:01", "rules_short_objections"),
        "answer_by_days": ("5", "rules_out_of_order"),
        "offer_until": ("08:01", "rules_short_offers"),
        "opens_days": ("10", "rules_short_filing"),
    }
    for field, (typed, key) in minute.items():
        with pytest.raises(Invalid) as refused:
            announced(line, form(**{field: typed}))
        assert refused.value.key == key
        assert refused.value.field in {field, "opens_at", "answer_by_at"}
    assert len(line.entries("rules_announced")) == 1


@pytest.mark.parametrize("far", [date(2999, 12, 30)])
def test_no_version_begins_so_late_that_none_could_follow(line, far):
    with pytest.raises(Invalid) as refused:
        announced(line, form(far))
    assert (refused.value.key, refused.value.field) == ("monday_unknown", "from_on")
    # Nor step by step: Mondays are counted from now, not from the version before.
    for access in ("2", "3", "4"):
        admin = line.city.as_("administrator")
        mondays = line.city.application.query_as(admin, rules_draft, Nothing()).mondays
        announced(line, form(mondays[-1], access=access))
    assert mondays == (FIRST + 10 * WEEK,)
    assert len(line.entries("rules_announced")) == 4


def test_versions_come_in_their_order(line):
    later = FIRST + 2 * WEEK
    announced(line, form(later))
    with pytest.raises(Invalid, match="rules_too_soon"):
        announced(line, form(FIRST, access="3"))
    assert announced(line, form(later, access="3")).rules.version == 3


@in_one_city(
    "change, fields",
    [
        ({"access": "دو"}, {"access": "rules_number"}),
        ({"slot_minutes": "-5"}, {"slot_minutes": "rules_number"}),
        (
            {"freeze_at": "noon", "reveals_from_days": ""},
            {"freeze_at": "rules_time", "reveals_from_days": "rules_number"},
        ),
        (
            {"value_from_at": "25:00", "slot_minutes": "0", "offer_hours": "۰", "opens_at": "8:75"},
            {
                "value_from_at": "rules_clock",
                "slot_minutes": "rules_from_one",
                "offer_hours": "rules_from_one",
                "opens_at": "rules_clock",
            },
        ),
    ],
)
def test_each_field_that_cannot_be_read_is_told(line, change, fields):
    with pytest.raises(FormError) as refusal:
        announced(line, form(**change))
    assert {error.field: error.key for error in refusal.value.errors} == fields


@in_one_city(
    "change, key, field",
    [
        ({"freeze_days": "10"}, "rules_out_of_order", "freeze_at"),
        ({"reveals_until_days": "5"}, "rules_out_of_order", "reveals_until_at"),
        ({"value_until_at": "13:00"}, "rules_out_of_order", "value_from_at"),
        ({"session_at": "07:59"}, "rules_draw_too_soon", "freeze_at"),
        ({"early_until": "00:00"}, "rules_out_of_order", "early_until"),
        ({"slot_minutes": "۹"}, "rules_short_meeting", "slot_minutes"),
        ({"slot_minutes": "61"}, "rules_long_meeting", "slot_minutes"),
        ({"urgent": "999"}, "rules_all_lanes", "urgent"),
        ({"access": "7", "urgent": "1"}, "rules_all_lanes", "access"),
        ({"from_on": "soon"}, "need_monday", "from_on"),
        ({"from_on": "2026-12-22"}, "monday_unknown", "from_on"),
    ],
)
def test_rules_no_week_could_run_under_are_refused_beside_their_field(line, change, key, field):
    command = RulesForm.model_validate({**form().model_dump(), **change})
    for usecase in (preview_rules, announce_rules):
        with pytest.raises(Invalid) as refusal:
            line.city.application.execute_as(line.city.as_("administrator"), usecase, command)
        assert (refusal.value.key, refusal.value.field) == (key, field)


def test_quotas_may_leave_one_seat_of_the_smallest_day_to_the_line_and_no_less(line):
    made = announced(line, form(access="6", urgent="1"))
    assert sum(made.rules.lanes.values()) == 7
    with pytest.raises(Invalid) as refusal:
        announced(line, form(access="6", urgent="2"))
    assert refusal.value.facts == {"quotas": 8, "seats": 8}


def test_rules_without_a_change_are_no_new_rules(line):
    with pytest.raises(Denied, match="rules_same"):
        announced(line, form(access="1"))


def test_digits_and_times_are_read_as_people_write_them(line):
    made = announced(line, form(access="۳", reveals_until_at="۲۲:۴۵", opens_at="0:00"))
    assert made.rules.lanes["access"] == 3
    assert made.rules.body["week"]["reveals_until"] == {"days_before": 6, "at": "22:45"}
    assert made.rules.body["week"]["opens"]["at"] == "00:00"


@pytest.mark.on_postgresql
def test_a_preview_writes_nothing_and_shows_what_would_be_announced(line):
    administrator = line.city.as_("administrator")
    command = form(late_kind="dice")
    seen = line.city.application.query_as(administrator, preview_rules, command)
    assert (seen.rules.version, seen.before.rules.version) == (2, 1)
    assert len(line.entries("rules_announced")) == 1
    assert announced(line, command).rules.hash == seen.rules.hash


def test_the_form_begins_with_the_newest_rules_and_the_mondays_that_are_left(line):
    draft = line.city.application.query_as(line.city.as_("administrator"), rules_draft, Nothing())
    assert draft.mondays[0] == FIRST
    assert RulesForm.model_validate(draft.form)
    announced(line, form(FIRST + WEEK))
    draft = line.city.application.query_as(line.city.as_("administrator"), rules_draft, Nothing())
    assert (draft.form["access"], draft.mondays[0]) == ("2", FIRST + WEEK)


@in_one_city("username", ["desk", "mayor", "overseer"])
@in_one_city("usecase", [announce_rules, preview_rules])
def test_nobody_but_the_administrator_makes_rules(line, username, usecase):
    with pytest.raises(Denied, match="not_your_role"):
        line.city.application.execute_as(line.city.as_(username), usecase, form())


def test_a_rule_the_form_does_not_know_is_kept(line):
    made = announced(line, form())
    assert set(made.rules.body) == {*DEFAULT_RULES, "log", "witnesses"}
    assert made.rules.body["late_value"] == DEFAULT_RULES["late_value"]


def test_dice_have_a_source_and_a_form_of_their_own_and_the_same_days(line):
    made = announced(line, form(late_kind="dice", session_at="8:30"))
    assert made.rules.body["late_value"] == {
        "kind": "dice",
        "source": "camera",
        "form": "dice",
        "days": ["wed", "sat", "sun"],
        "session": "08:30",
    }
    with pytest.raises(Denied, match="form_broken"):
        announced(line, form(late_kind="guess"))


def test_witnesses_are_typed_a_line_each(line):
    """Digits of a key are not converted, and the address may be missing."""
    (first, second) = WITNESSES
    lines = f"  {' '.join(first)}\n\n{second[0]}\t{second[1]} {second[2]} https://w.example.ir/x\n"
    made = announced(line, form(witnesses=lines))
    assert [(one["party"], one["url"]) for one in made.rules.body["witnesses"]] == [
        (first[0], ""),
        (second[0], "https://w.example.ir/x"),
    ]
    assert form_of(made.rules.body)["witnesses"].split("\n")[0] == " ".join(first).strip()


@in_one_city(
    "lines, key",
    [
        ("council", "witness_malformed"),
        ("council shora.ir key url more", "witness_malformed"),
        ("council shora.ir key", "witness_key"),
        (" ".join(WITNESSES[0]) + "\n" + " ".join(WITNESSES[0]), "witness_twice"),
        ("city " + " ".join(WITNESSES[0][1:]), "witness_party"),
    ],
)
def test_a_line_that_names_no_witness_is_told_under_its_field(line, lines, key):
    with pytest.raises(Invalid) as refused:
        announced(line, form(witnesses=lines))
    assert (refused.value.key, refused.value.field) == (key, "witnesses")


@in_one_city(
    "change, key",
    [
        ({"offer_from": "00:00", "offer_until": "06:00", "offer_hours": "1"}, "rules_short_offers"),
        ({"offer_from": "00:00", "offer_until": "24:00"}, "rules_short_offers"),
        ({"offer_until": "22:30"}, "rules_short_offers"),
        (
            {
                "freeze_at": "01:00",
                "objections_until_at": "05:00",
                "reveals_from_at": "05:00",
                "reveals_until_at": "06:00",
            },
            "rules_short_objections",
        ),
    ],
)
def test_no_right_lies_in_the_night(line: Line, change: dict[str, str], key: str) -> None:
    """Nobody reads messages at night, so an offer would run out unheard."""
    names = ("freeze_days", "objections_until_days", "reveals_from_days", "reveals_until_days")
    first = (MONDAY + timedelta(weeks=2)).isoformat()
    typed = form_of(DEFAULT_RULES) | dict.fromkeys(names, "6") | change | {"from_on": first}
    form = RulesForm.model_validate(typed)
    with pytest.raises(Invalid, match=key):
        line.city.application.execute_as(line.city.as_("administrator"), announce_rules, form)


def test_a_lane_without_seats_is_not_asked_for(line: Line, documents: Documents) -> None:
    """Two officers would judge a document that leads to nothing."""
    announced(line, form(access="1", urgent="0"))
    line.until(OPENED - 6 * timedelta(days=1), "13:00")  # the list before is fixed: hers is FIRST's
    (citizen,) = line.file(1)
    picture = documents.picture(citizen)
    with pytest.raises(Denied, match="lane_not_offered"):
        documents.ask(citizen, "urgent", photos=(picture,))
    assert citizen.request.count(Action.ASK_LANE) == 0
    documents.ask(citizen, "access", photos=(picture,))


def test_an_older_end_of_the_log_brings_no_older_rules_back(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_book, "_PAST_ENDS", 1)
    line.worker.read_log()
    older = end_of_log(line)
    announced(line, form())
    line.worker.read_log()
    newest = end_of_log(line)
    with line.reading() as uow:
        rules = uow.city.rules_on(FIRST)
        assert rules != uow.city.rules_on(MONDAY)
    write(line, "DELETE FROM rules WHERE version = 2")
    put_back(line, older)
    with line.reading() as uow:
        uow.city.rules_on(FIRST)
    put_back(line, newest)
    with line.reading() as uow:
        assert uow.city.rules_on(FIRST) == rules
    line.expected.add("are not those that the log announced")
