"""Which rules can be announced: those under which a whole week can take place."""

import copy

import pytest
from support.each import for_each

from publicmeeting.domain.errors import Invalid
from publicmeeting.kit.hashing import canonical_json, sha
from publicmeeting.turns.pool import Rules
from publicmeeting.turns.rules.announced import DEFAULT_RULES, check_rules


def changed(path, value):
    body = copy.deepcopy(dict(DEFAULT_RULES))
    holder = body
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    return body


def test_the_first_rules_may_be_announced():
    rules = check_rules(DEFAULT_RULES)
    assert rules.version == 1
    assert rules.lanes == {"access": 1, "urgent": 1}
    assert rules.windows == {"early": ("00:00", "11:00"), "late": ("11:00", "24:00")}
    assert rules.hash == sha(canonical_json(DEFAULT_RULES))


@for_each(
    [
        (("version",), "1", "rules_malformed", "version"),
        (("lanes",), [], "rules_malformed", "lanes"),
        (("lanes", "access"), -1, "rules_malformed", "lanes"),
        (("lanes", "access"), True, "rules_malformed", "lanes"),
        (("lanes", "a|b"), 1, "rules_malformed", "lanes"),
        (("lanes", "general"), 1, "rules_malformed", "lanes"),
        (("windows", "any"), ["00:00", "24:00"], "rules_malformed", "windows"),
        (("windows", "early"), ["00:00"], "rules_malformed", "windows"),
        (("windows", "early"), ["0:00", "11:00"], "rules_malformed", "windows"),
        (("windows", "early"), ["12:00", "11:00"], "rules_out_of_order", "windows"),
        (("slot_minutes",), 0, "rules_malformed", "slot_minutes"),
        (("share",), 0.5, "rules_malformed", ""),
        (("week",), {}, "rules_malformed", "week.opens"),
        (("week", "reveals_until", "at"), "25:00", "rules_malformed", "week.reveals_until"),
        (("week", "reveals_until", "days_before"), 7, "rules_out_of_order", "week.reveals_until"),
        (("week", "reveals_from", "at"), "19:59", "rules_out_of_order", "week.reveals_from"),
        (("week", "reveals_until", "at"), "20:00", "rules_out_of_order", "week.reveals_until"),
        (
            ("week", "reveals_until"),
            {"days_before": 5, "at": "09:00"},
            "rules_out_of_order",
            "week.reveals_until",
        ),
        (("week", "value_from"), {}, "rules_malformed", "week.value_from"),
        (("week", "value_from", "at"), "08:59", "rules_out_of_order", "week.value_from"),
        (("week", "value_until", "at"), "14:00", "rules_out_of_order", "week.value_from"),
        (("week", "value_until", "at"), "20:01", "rules_out_of_order", "late_value.days"),
        (("late_value",), None, "rules_malformed", "late_value"),
        (("late_value", "kind"), "guess", "rules_malformed", "late_value.kind"),
        (("late_value", "kind"), "dice", "rules_malformed", "late_value.form"),
        (("late_value", "source"), "", "rules_malformed", "late_value.source"),
        (("late_value", "source"), "بورس", "rules_malformed", "late_value.source"),
        (("late_value", "session"), "9", "rules_malformed", "late_value.session"),
        (("late_value", "days"), [], "rules_malformed", "late_value.days"),
        (("late_value", "days"), ["mon"], "rules_malformed", "late_value.days"),
        (("late_value", "days"), ["sat", "wed"], "rules_malformed", "late_value.days"),
        (("late_value", "days"), ["wed", "wed"], "rules_malformed", "late_value.days"),
        (("week", "freeze", "days_before"), 10, "rules_out_of_order", "week.freeze"),
        (("week", "standby_until", "days_before"), 2, "rules_out_of_order", "week.standby_until"),
        (
            ("week", "standby_until"),
            {"days_before": 0, "at": "00:01"},
            "rules_out_of_order",
            "week.standby_until",
        ),
        (("offers", "hours"), 0, "rules_out_of_order", "offers"),
        (("offers", "until"), "08:00", "rules_out_of_order", "offers"),
        (("offers", "until"), "8", "rules_malformed", "offers"),
    ]
)
def test_rules_no_week_could_run_under_are_refused_by_their_field(path, value, key, field):
    with pytest.raises(Invalid) as refusal:
        check_rules(changed(path, value))
    assert (refusal.value.key, refusal.value.field) == (key, field)


def test_the_pool_is_fixed_after_the_monday_before_and_lies_open_for_twenty_hours():
    body = changed(("late_value", "session"), "07:59")
    with pytest.raises(Invalid) as refusal:
        check_rules(body)
    assert (refusal.value.key, refusal.value.field) == ("rules_draw_too_soon", "week.freeze")
    body["late_value"]["session"] = "08:00"
    check_rules(body)
    early = changed(("week", "freeze"), {"days_before": 7, "at": "23:59"})
    with pytest.raises(Invalid) as refusal:
        check_rules(early)
    assert (refusal.value.key, refusal.value.field) == ("rules_out_of_order", "week.freeze")
    early["week"]["freeze"] = {"days_before": 6, "at": "00:00"}
    check_rules(early)


@for_each(
    [
        (("week", "opens"), {"days_before": 43, "at": "23:59"}, "opens", "week.opens"),
        (("offers", "hours"), 13, "offers", "offers.hours"),
        (("slot_minutes",), 61, "meeting", "slot_minutes"),
    ]
)
def test_no_rule_freezes_a_year_or_keeps_an_offer_for_days(path, value, part, field):
    with pytest.raises(Invalid) as refusal:
        check_rules(changed(path, value))
    assert (refusal.value.key, refusal.value.field) == (f"rules_long_{part}", field)


@for_each(
    [
        (("week", "opens"), {"days_before": 15, "at": "00:01"}, "filing", "week.opens"),
        (("week", "objections_until", "at"), "15:59", "objections", "week.objections_until"),
        (("week", "reveals_until", "at"), "20:59", "reveals", "week.reveals_until"),
        (("week", "value_from", "at"), "19:01", "value", "week.value_until"),
        (("week", "answer_by"), {"days_before": 4, "at": "19:59"}, "answer", "week.answer_by"),
        (("week", "answer_by"), {"days_before": 1, "at": "16:01"}, "standby", "week.standby_until"),
        (("offers", "from"), "14:01", "offers", "offers.until"),
        (("slot_minutes",), 9, "meeting", "slot_minutes"),
    ]
)
def test_no_rule_leaves_less_time_than_a_right_needs(path, value, part, field):
    with pytest.raises(Invalid) as refusal:
        check_rules(changed(path, value))
    assert (refusal.value.key, refusal.value.field) == (f"rules_short_{part}", field)


@for_each(
    [
        (("week", "opens"), {"days_before": 15, "at": "00:00"}),
        (("week", "objections_until", "at"), "16:00"),
        (("week", "reveals_until", "at"), "21:00"),
        (("week", "value_from", "at"), "19:00"),
        (("week", "answer_by"), {"days_before": 4, "at": "20:00"}),
        (("offers", "from"), "14:00"),
        (("slot_minutes",), 10),
    ]
)
def test_the_least_is_enough(path, value):
    check_rules(changed(path, value))


def test_dice_are_announced_where_no_exchange_may_open():
    dice = {**DEFAULT_RULES["late_value"], "kind": "dice", "form": "dice", "source": "camera"}
    assert check_rules(changed(("late_value",), dice)).body["late_value"] == dice


@pytest.mark.parametrize("body", [None, [], "rules", {1: 2}, {"version": 1}])
def test_what_is_no_mapping_of_rules_is_refused(body):
    with pytest.raises(Invalid):
        Rules.from_body(body)


def test_further_keys_are_kept_and_hashed():
    body = changed(("note",), "نوبت عادلانه")
    assert Rules.from_body(body).body["note"] == "نوبت عادلانه"
    assert Rules.from_body(body).hash != Rules.from_body(DEFAULT_RULES).hash


def test_rules_stay_as_read_when_the_caller_changes_hers():
    body = changed(("version",), 2)
    rules = Rules.from_body(body)
    before = rules.hash
    body["lanes"]["access"] = 9
    assert rules.hash == before
