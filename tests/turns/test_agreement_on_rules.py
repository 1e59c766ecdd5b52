"""The three auditors judge rules alike: malformed ones, weaker ones, those of one officer alone."""

import json
from base64 import b64encode

import pytest
import small_city
from agreement import ORIGIN, decoded, names_alike

from publicmeeting.kit.hashing import canonical_json, sha

SHORT = {
    "filing": ("opens", {"days_before": 10, "at": "23:59"}),
    "objections": ("objections_until", {"days_before": 6, "at": "12:01"}),
    "reveals": ("reveals_until", {"days_before": 6, "at": "20:01"}),
    "value": ("value_from", {"at": "19:59"}),
    "answer": ("answer_by", {"days_before": 5, "at": "20:01"}),
    "standby": ("standby_until", {"days_before": 1, "at": "09:59"}),
}


BY_NIGHT = {
    "offers by night": ("00:00", "13:59"),
    "offers around the clock": ("00:00", "24:00"),
    "offers before messages": ("07:59", "20:00"),
    "offers after messages": ("08:00", "22:01"),
}


def with_rules(change):
    """Return a log that ends with its first rules, changed."""
    entries = decoded(1)[:2]
    body = entries[1]["body"]
    assert entries[1]["kind"] == "rules_announced"
    body["rules"] = change(body["rules"])
    body["hash"] = sha(canonical_json(body["rules"]))
    return entries


@pytest.mark.parametrize("part", [*SHORT, "offers", *BY_NIGHT, "objections by night", "meeting"])
def test_rules_that_leave_a_right_a_minute_are_named_by_all_three(scripts, part):
    def change(rules):
        if part == "offers":
            return {**rules, "offers": {**rules["offers"], "until": "08:01"}}
        if part in BY_NIGHT:
            since, until = BY_NIGHT[part]
            return {**rules, "offers": {**rules["offers"], "from": since, "until": until}}
        if part == "objections by night":
            night = {"freeze": "18:01", "objections_until": "22:30", "reveals_from": "22:30"}
            night |= {"reveals_until": "23:30"}
            moments = {name: {"days_before": 6, "at": at} for name, at in night.items()}
            return {**rules, "week": {**rules["week"], **moments}}
        if part == "meeting":
            return meeting(9)(rules)
        name, moment = SHORT[part]
        return {**rules, "week": {**rules["week"], name: moment}}

    assert names_alike(scripts, with_rules(lambda rules: rules)) == set()
    assert names_alike(scripts, with_rules(offers(until="22:00"))) == set()
    assert names_alike(scripts, with_rules(meeting(10))) == set()
    assert names_alike(scripts, with_rules(change)) == {("rules_short", "2")}


@pytest.mark.parametrize("change", ["opens", "hours", "minutes"])
def test_rules_that_open_a_year_or_keep_an_offer_for_days_are_named_by_all_three(scripts, change):
    """New rules cannot change an open Monday, so no key could be replaced for a year."""
    longest, longer = {
        "opens": (week(42, opens="00:00"), week(43, opens="23:59")),
        "hours": (offers(hours=12), offers(hours=13)),
        "minutes": (meeting(60), meeting(61)),
    }[change]
    assert names_alike(scripts, with_rules(longest)) == set()
    assert names_alike(scripts, with_rules(longer)) == {("rules_long", "2")}


def late(**change):
    return lambda rules: {**rules, "late_value": {**rules["late_value"], **change}}


def offers(**change):
    return lambda rules: {**rules, "offers": {**rules["offers"], **change}}


def meeting(minutes):
    return lambda rules: {**rules, "slot_minutes": minutes}


def week(days_before, **times):
    """Return the moments at other times, this many days before; None for those of a value's day."""
    days = {} if days_before is None else {"days_before": days_before}
    moments = {name: {**days, "at": at} for name, at in times.items()}
    return lambda rules: {**rules, "week": {**rules["week"], **moments}}


WEAKER = {
    "witnesses": lambda rules: {**rules, "witnesses": rules["witnesses"][1:]},
    "a witness's key": lambda rules: {
        **rules,
        "witnesses": [
            {**rules["witnesses"][0], "vkey": rules["witnesses"][1]["vkey"]},
            *rules["witnesses"][1:],
        ],
    },
    "a witness more": lambda rules: {
        **rules,
        "witnesses": [*rules["witnesses"], {**rules["witnesses"][0], "party": "friend"}],
    },
    "a witness's address": lambda rules: {
        **rules,
        "witnesses": [{**rules["witnesses"][0], "url": "https://w.ir"}, *rules["witnesses"][1:]],
    },
    "a witness's name": lambda rules: {
        **rules,
        "witnesses": [{**rules["witnesses"][0], "org": "w.ir"}, *rules["witnesses"][1:]],
    },
    "source": late(source="our hall"),
    "days": late(days=["wed", "sat"]),
    "what may be known before": late(session="13:59"),
    "a value of the morning": week(None, value_from="09:00", value_until="15:00"),
    "a longer day of values": week(None, value_until="21:00"),
    "sealed values opened later": week(5, reveals_from="06:30", reveals_until="08:50"),
    "a list an hour later": week(6, freeze="13:00", objections_until="21:00", reveals_from="21:00"),
    "mondays open earlier": week(28, opens="00:00"),
    "a longer time to answer": week(2, answer_by="21:00"),
    "standby": week(1, standby_until="19:00"),
    "more hours for an offer": offers(hours=3),
    "a longer day of offers": offers(until="21:00"),
    "fewer in lanes": lambda rules: {**rules, "lanes": {"access": 1}},
    "lanes": lambda rules: {**rules, "lanes": {**rules["lanes"], "urgent": 2}},
    "a lane more": lambda rules: {**rules, "lanes": {**rules["lanes"], "friends": 1}},
    "offers": offers(hours=1),
    "offers_day": offers(until="19:00"),
    "objections": week(6, objections_until="19:00"),
}
SAME = {
    "nothing": lambda rules: rules,
    "minutes": lambda rules: {**rules, "slot_minutes": 20},
    "halves of the day": lambda rules: {**rules, "windows": {"early": ["00:00", "10:00"]}},
    "order of witnesses": lambda rules: {**rules, "witnesses": rules["witnesses"][::-1]},
}


def second_version(
    change, *said, by="city/0b0b0b0b", signer="council", start="1405-09-16", witnessed=True
):
    """Return a log of two versions of the rules, with the steps in `said` before the second one.

    The steps are proposed, agreed and signed; `by` agrees and `signer` signs."""
    city = small_city.City(1)
    city.announce(1, small_city.FIRST_MONDAY)
    first = json.loads(city.entries[-1])["body"]["rules"]
    before = first if witnessed else {**first, "witnesses": []}
    city.entries.clear()
    city.write("log_opened", origin=ORIGIN, continues="")
    city.write("rules_announced", from_=start, hash=sha(canonical_json(before)), rules=before)
    rules = {**change(first), "version": 2}
    digest = sha(canonical_json(rules))
    proposed = {"from_": start, "hash": digest, "rules": rules, "officer": "city/0a0a0a0a"}
    words = ["publicmeeting/said/v1", ORIGIN, "rules_signed", start, signer, digest]
    lines = "".join(f"{word}\n" for word in words).encode()
    for kind in said:
        if kind == "proposed":
            city.write("rules_proposed", **proposed)
        elif kind == "agreed":
            city.write("rules_agreed", hash=digest, officer=by, because=[3])
        elif kind == "signed":
            witness = city.witnesses.get(f"example.ir/{signer}", city.city)
            sig = b64encode(witness.sign(lines)).decode()
            body = {"monday": start, "party": signer, "hash": digest, "sig": sig, "because": [3]}
            city.write("rules_signed", **body)
    city.write("rules_announced", from_=start, hash=digest, rules=rules)
    return [json.loads(entry) for entry in city.entries]


@pytest.mark.parametrize("way", WEAKER)
def test_a_version_that_weakens_the_draw_is_announced_by_two_and_a_witness(scripts, way):
    """A database owner can invent a second officer, but not a witness's signature."""
    change = WEAKER[way]

    def named(*said, **who):
        return names_alike(scripts, second_version(change, *said, **who))

    assert named() == {("rules_alone", "3")}
    assert named("proposed", "agreed") == {("rules_unsigned", "5")}
    assert named("proposed", "signed", "agreed") == set()
    if way == "lanes":
        assert named("proposed") == {("rules_alone", "4")}
        assert named("proposed", "signed") == {("rules_alone", "5")}


def test_nobody_alone_names_the_first_witness_of_a_city_that_has_none(scripts):
    """Otherwise one officer's own witness could remove all others by its signature."""

    def named(*said):
        return names_alike(scripts, second_version(dict, *said, witnessed=False))

    assert named() == {("rules_alone", "3")}
    assert named("proposed", "agreed") == set()


@pytest.mark.parametrize("way", SAME)
def test_a_version_that_takes_nothing_is_announced_by_one(scripts, way):
    assert names_alike(scripts, second_version(SAME[way])) == set()


def part(name, **change):
    return lambda rules: {**rules, name: {**rules[name], **change}}


def lanes_and(name, value):
    """Return rules with five seats for friends, and another part that cannot be read."""
    lanes = {"access": 1, "urgent": 1, "friends": 5}
    return lambda rules: {**rules, "lanes": lanes, name: value(rules[name])}


def lacking(key):
    return lambda one: {name: value for name, value in one.items() if name != key}


def witness(**change):
    return lambda rules: {**rules, "witnesses": [{**rules["witnesses"][0], **change}]}


OUT_OF_FORM = {
    "a line that ends": "a\nb",
    "a letter nobody sees": "\x7f",
    "a letter of no ASCII": "شورا",
    "longer than a bundle says": "x" * 66_000,
}


@pytest.mark.parametrize("how", OUT_OF_FORM)
def test_what_no_entry_may_hold_is_malformed_with_all_three(scripts, how):
    """Nothing else is reported about rules that nobody can read."""

    def change(rules):
        lanes = {**rules["lanes"], "friends": 5}
        return {**rules, "lanes": lanes, "more": {"x": [OUT_OF_FORM[how]]}}

    assert names_alike(scripts, second_version(change)) == {("malformed", "3")}
    assert names_alike(scripts, with_rules(change)) == {("malformed", "2")}
    key = {OUT_OF_FORM[how]: 1}
    assert names_alike(scripts, with_rules(lambda rules: {**rules, "more": key})) == {
        ("malformed", "2")
    }


def test_rules_of_another_log_are_named_by_all_three(scripts):
    """A reader who took the log's keys from them would follow another log."""
    other = part("log", origin="other.ir/log")
    assert names_alike(scripts, with_rules(other)) == {("note_malformed", "2")}
    assert names_alike(scripts, second_version(other)) == {("note_malformed", "3")}
    opened = decoded(1)[:2]
    opened[0]["body"]["origin"] = "other.ir/log"
    assert names_alike(scripts, opened) == {("note_malformed", "1")}


READABLE = {
    "days of the whole week": part("late_value", days=["wed", "thu", "fri", "sat", "sun"]),
    "an organisation without a name": witness(org="", url="anywhere"),
    "more than is known": lambda rules: {**rules, "more": {"x": [1, "y"]}},
    "more of a witness": witness(more="x"),
    "no witness": lambda rules: {**rules, "witnesses": []},
}
UNREADABLE = {
    "a witness without a key": lambda rules: {
        **rules,
        "witnesses": [{"party": "friend", "org": "friend.ir", "url": ""}],
    },
    "witnesses a text": lambda rules: {**rules, "witnesses": "none"},
    "witnesses nothing": lambda rules: {**rules, "witnesses": None},
    "no witnesses": lacking("witnesses"),
    "a key that is none": witness(vkey="friend+00000000+AAAA"),
    "a key of another name": lambda rules: witness(vkey="x" + rules["witnesses"][0]["vkey"])(rules),
    "a party that is none": witness(party="a friend"),
    "an organisation that is a count": witness(org=3),
    "more witnesses than a list": lambda rules: {**rules, "witnesses": {"council": 1}},
    "offers without hours": lanes_and("offers", lacking("hours")),
    "hours a text": lanes_and("offers", lambda one: {**one, "hours": "2"}),
    "hours of a year": lanes_and("offers", lambda one: {**one, "hours": 367}),
    "offers until noon": lanes_and("offers", lambda one: {**one, "until": "noon"}),
    "a late value that is a list": lanes_and("late_value", lambda _: []),
    "no days": part("late_value", days=[]),
    "days that go back": part("late_value", days=["sat", "wed"]),
    "a day twice": part("late_value", days=["wed", "wed"]),
    "a day that is none": part("late_value", days=["mon"]),
    "days that are lists": part("late_value", days=[["wed"]]),
    "another kind": part("late_value", kind="word"),
    "a kind that is a list": part("late_value", kind=[]),
    "a session at midnight": part("late_value", session="24:00"),
    "a session that is a count": part("late_value", session=900),
    "a week without a moment": lanes_and("week", lacking("reveals_from")),
    "a moment without days": part("week", freeze={"at": "12:00"}),
    "days below nothing": part("week", freeze={"at": "12:00", "days_before": -1}),
    "a clock that is a count": part("week", value_from={"at": 14}),
    "no meeting's minutes": lacking("slot_minutes"),
    "no log": lacking("log"),
    "a log without a key that can be read": part("log", keys=["city"]),
    "keys that are a text": part("log", keys="city"),
    "a quota that is a word": part("lanes", urgent="one"),
    "a half that is one time": part("windows", early=["00:00"]),
    "no version of a count": lambda rules: {**rules, "more": {"yes": True}},
    "nothing in it": lambda rules: {**rules, "more": [None]},
}


@pytest.mark.parametrize("how", UNREADABLE)
def test_rules_of_which_a_part_cannot_be_read_are_none_with_all_three(scripts, how):
    """Otherwise a database owner could remove witnesses by rules that cannot be compared."""
    change = UNREADABLE[how]
    assert names_alike(scripts, second_version(change)) == {("malformed", "3")}
    assert names_alike(scripts, with_rules(change)) == {("malformed", "2")}
    proposed = second_version(change, "proposed")
    assert names_alike(scripts, proposed[:3]) == {("malformed", "3")}


@pytest.mark.parametrize("how", READABLE)
def test_rules_that_can_be_read_are_rules_with_all_three(scripts, how):
    assert names_alike(scripts, with_rules(READABLE[how])) == set()


def test_nobody_agrees_to_what_he_has_proposed_and_no_stranger_signs(scripts):
    change = WEAKER["lanes"]
    own = second_version(change, "proposed", "signed", "agreed", by="city/0a0a0a0a")
    assert names_alike(scripts, own) == {("by_wrong", "5")}
    friend = second_version(WEAKER["a witness more"], "proposed", "signed", signer="friend")
    assert names_alike(scripts, friend) == {("stranger", "4")}
    forged = second_version(change, "proposed", "signed", "agreed")
    forged[3]["body"]["sig"] = "A" * 86 + "=="
    assert names_alike(scripts, forged) == {("signature_wrong", "4")}
    other = second_version(change, "proposed", "signed", "agreed")
    other[2]["body"]["from"] = "1405-09-23"
    assert names_alike(scripts, other) == {("cause_wrong", "4")}


def test_what_was_agreed_to_under_other_rules_holds_for_none_after_them(scripts):
    """Another version may be announced between agreement and announcement.

    Then the agreed rules may be weaker in more than anybody has read.
    """
    entries = second_version(WEAKER["lanes"], "proposed", "signed", "agreed")
    between = second_version(SAME["minutes"])[2]
    last = entries.pop()
    for one in (between, last):
        entries.append({**one, "seq": len(entries) + 1})
    assert names_alike(scripts, entries) == {("rules_alone", "7")}
