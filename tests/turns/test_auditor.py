"""The offline auditor finds nothing in honest books, and names every attack.

`bought` books are the strongest forgery: a quorum of witnesses has signed them again, so only the
rules of the line can show it. All others are forged by the owner of the city's key alone.
"""

import json
from datetime import datetime, timedelta
from functools import cache

import pytest
from auditor import audit, codes, faults, program
from city_books import (
    Note,
    altered,
    canonical,
    forged,
    inserted,
    moved_behind,
    otherwise_spelled,
    sha,
    without,
)
from city_line import FIRST_MONDAY, moment, stamp
from small_city import City, alone, honest

DRAWN = 3
"""Seed of a city in which the kinds below occur often enough."""


@cache
def find(kind, number=0, seed=DRAWN, **keys):
    """Return the `number`th entry of a kind with these values in its body."""
    some = [one for one in honest(seed).decoded() if one["kind"] == kind]
    some = [one for one in some if all(one["body"][key] == keys[key] for key in keys)]
    return some[number]


def bought(change, seed=DRAWN):
    return forged(honest(seed), change, bought=True)


class Dishonest(City):
    """A city that lies in one list, and carries the lie through everything that follows."""

    lie = staticmethod(lambda _rows: None)
    changed = 0

    def run(self):
        def forge(draw, rows):
            if self.changed == 0 and len(rows) > 2 and draw.week.monday > FIRST_MONDAY:
                rows = {name: dict(row) for name, row in rows.items()}
                self.changed = self.lie(rows) or 1
            return rows

        self.forge = forge
        return super().run()


def lying(lie, seed=DRAWN):
    city = Dishonest(seed, weeks=5, filings=5)
    city.lie = lie
    return city.run()


def first(rows):
    return rows[min(rows)]


def other_lane(row):
    return "access" if row["lane"] == "urgent" else "urgent"


@pytest.mark.parametrize("seed", range(6))
def test_nothing_is_found_in_honest_books(seed):
    assert faults(audit(honest(seed))) == set()
    assert codes(audit(honest(seed))) <= {"silent", "value_disputed", "no_late_value"}


@pytest.mark.parametrize(
    ("lie", "code"),
    [
        (lambda rows: first(rows).update(debt=1), "debt_differs"),
        (lambda rows: first(rows).update(waited=9), "waited_differs"),
        (lambda rows: first(rows).update(lane=other_lane(first(rows))), "lane_differs"),
        (lambda rows: first(rows).update(prefers="other"), "prefers_differs"),
        (lambda rows: rows.pop(min(rows)) and None, "left_out"),
    ],
    ids=["debt", "weeks", "lane", "prefers", "left out"],
)
def test_a_list_that_lies_is_named_by_its_row_however_consistent_the_rest(lie, code):
    found = audit(lying(lie))
    assert {code, "pool_root_differs"} <= faults(found)
    assert any(one.code == code and len(one.who) == 64 for one in found)


def test_a_friend_let_in_and_a_phantom_are_named():
    def phantom(rows):
        rows["f" * 64] = {**first(rows), "ticket": "f" * 64}

    city = Dishonest(DRAWN)

    def friend(rows):
        district = city.people[min(rows)].district
        away = [person for person in city.people.values() if person.where != "in"]
        one = next(one for one in away if one.district == district and one.ticket not in rows)
        rows[one.ticket] = one.row()

    city.lie = friend
    assert "let_in" in faults(audit(city.run()))
    with pytest.raises(KeyError):  # the small city itself cannot seat an unknown ticket
        lying(phantom)
    freeze = find("freeze", 2)
    file = json.loads(canonical(honest(DRAWN).files[freeze["body"]["draw"]]))
    file["pool"][0]["ticket"] = "0" * 64
    path = f"draws/{file['draw']}.json"
    changed = audit(honest(DRAWN), paths={path: canonical(file).encode()})
    assert "pool_root_differs" in faults(changed)
    made = bought(altered(freeze["seq"], pool_root="0" * 64))
    assert "never_filed" in faults(audit(made, paths={path: canonical(file).encode()}))


def after(kind, number=0, **keys):
    return find(kind, number, **keys)["seq"]


def at(seq, seed=DRAWN):
    return honest(seed).decoded()[seq - 1]


def test_a_desk_cannot_clear_a_line_that_has_closed():
    closed = find("line_closed", 1)
    row = honest(DRAWN).files[f"d06-{closed['body']['monday']}"]["pool"][0]
    body = {"ticket": row["ticket"], "why": "declined", "officer": "desk/00000000"}
    assert "taken_out_late" in faults(audit(bought(inserted(closed["seq"], "taken_out", body))))


def test_weeks_cannot_be_put_back_by_one_word():
    seen = find("seat_confirmed", 2)
    body = {"ticket": seen["body"]["ticket"], "waited": 4, "because": [seen["seq"]]}
    assert "cause_wrong" in faults(audit(bought(inserted(seen["seq"], "weeks_back", body))))


@cache
def kinds(seed):
    return {one["kind"] for one in honest(seed).decoded()}


def with_kind(kind):
    """Return a city in which a kind occurs, and its first entry of that kind."""
    seed = next(seed for seed in range(60) if kind in kinds(seed))
    return seed, find(kind, seed=seed)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"ended": "2030-01-01T00:00:00Z"}, "record_wrong"),
        ({"began": "2026-01-01T00:00:00Z"}, "record_wrong"),
        ({"officer": "desk-06/00000000"}, "by_wrong"),
        ({"because": [1]}, "cause_wrong"),
    ],
)
def test_the_record_of_a_meeting_has_to_be_possible(change, word):
    seed, recorded = with_kind("meeting_recorded")
    assert word in faults(audit(bought(altered(recorded["seq"], **change), seed)))


def test_a_meeting_is_recorded_once():
    seed, recorded = with_kind("meeting_recorded")
    again = inserted(recorded["seq"], "meeting_recorded", recorded["body"])
    assert "step_not_allowed" in faults(audit(bought(again, seed)))


@pytest.mark.parametrize("kind", ["arrival_undone", "no_show_undone"])
def test_reception_takes_back_at_once_and_only_what_it_wrote_itself(kind):
    seed, undone = with_kind(kind)
    other = altered(undone["seq"], officer="reception-99/00000000")
    assert "by_wrong" in faults(audit(bought(other, seed)))
    wrong = altered(undone["seq"], because=[undone["body"]["because"][0] - 1])
    assert "cause_wrong" in faults(audit(bought(wrong, seed)))
    first = at(undone["body"]["because"][0], seed)
    long_before = seconds_before(undone["at"], 11)
    early = altered(first["seq"], at=long_before)
    found = faults(audit(bought(early, seed)))
    assert found & {"answered_late", "time_back", "no_show_early"}


def seconds_before(text, seconds):
    moment = datetime.fromisoformat(text) - timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_weeks_back_are_counted_and_need_two_units():
    seed, back = with_kind("weeks_back")
    more = altered(back["seq"], waited=back["body"]["waited"] + 1)
    assert "weeks_back_wrong" in faults(audit(bought(more, seed)))
    judged = at(back["body"]["because"][1], seed)["body"]["officer"]
    one_unit = altered(back["body"]["because"][2], officer=judged.split("/")[0] + "/00000000")
    assert "same_unit" in faults(audit(bought(one_unit, seed)))
    seed, granted = with_kind("lane_granted")
    judged = at(granted["body"]["because"][0], seed)["body"]["officer"]
    one_unit = altered(granted["body"]["because"][1], officer=judged)
    assert "same_unit" in faults(audit(bought(one_unit, seed)))


def test_nobody_is_left_out_of_a_monday_once_its_list_is_fixed():
    """Before that, an exclusion or withdrawal in her name is notified, and she can undo it."""
    freeze = find("freeze", 1)
    row = honest(DRAWN).files[freeze["body"]["draw"]]["pool"][0]["ticket"]
    body = {"ticket": row, "monday": freeze["body"]["draw"][4:]}
    made = bought(inserted(freeze["seq"], "monday_excluded", body))
    assert "step_not_allowed" in faults(audit(made))


def test_an_undone_exclusion_is_no_finding_and_an_invented_undoing_is():
    seed = next(s for s in range(60) if any_changed(s))
    seq = next(one["seq"] for one in honest(seed).decoded() if is_changed(one))
    assert faults(audit(honest(seed))) == set()
    other = next(one for one in honest(seed).decoded() if one["kind"] == "filed")
    made = bought(altered(seq, because=[other["seq"]]), seed)
    assert {"objection_wrong", "cause_wrong"} & faults(audit(made))
    named = {"left_out", "pool_root_differs", "frozen_twice", "cause_missing"}
    assert named & faults(audit(bought(without(seq), seed)))


def is_changed(entry):
    return entry["kind"] == "objection" and entry["body"]["outcome"] == "changed"


def any_changed(seed):
    return any(map(is_changed, honest(seed).decoded()))


def test_offers_follow_the_drawn_order():
    class Friendly(City):
        def next_of(self, draw):
            some = [self.people[one] for one in draw.standby if one not in draw.asked]
            return next((one for one in reversed(some) if one.is_waiting()), None)

    assert "offer_out_of_order" in faults(audit(Friendly(DRAWN).run()))
    offer = find("offered")
    other = find("filed", 1)["body"]["ticket"]
    made = bought(altered(offer["seq"], ticket=other))
    assert {"offer_to_stranger", "offer_out_of_order"} & faults(audit(made))
    twice = bought(inserted(offer["seq"], "offered", offer["body"]))
    assert "offer_without_seat" in faults(audit(twice))


def test_a_free_seat_goes_to_nobody_before_the_standby_was_asked():
    class Friendly(City):
        def offer_round(self):
            """Offer nothing, so that only friends know of free seats."""

        def next_of(self, _draw):
            return None

    assert "free_before_asked" in faults(audit(Friendly(DRAWN).run()))
    seed, taken = with_kind("taken_free")
    other = 15 if taken["body"]["draw"].startswith("d06") else 6
    filed = [one for one in honest(seed).decoded()[: taken["seq"]] if one["kind"] == "filed"]
    stranger = next(one["body"]["ticket"] for one in filed if one["body"]["district"] == other)
    made = bought(altered(taken["seq"], ticket=stranger), seed)
    assert "step_not_allowed" in faults(audit(made))


def test_the_first_who_is_present_stands_in():
    class Friendly(City):
        def stand_in(self, draw, time, cause, due):
            draw.standby = draw.standby[::-1]
            super().stand_in(draw, time, cause, due)
            draw.standby = draw.standby[::-1]

    found = [faults(audit(Friendly(seed).run())) for seed in range(4)]
    assert any("stood_in_out_of_order" in one for one in found)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("draw", "drawn_twice"),
        ("freeze", "frozen_twice"),
        ("monday_opened", "opened_twice"),
        ("filed", "filed_twice"),
        ("commitment", "commitment_twice"),
        ("line_closed", "step_not_allowed"),
        ("value_stands", "step_not_allowed"),
        ("met", "step_not_allowed"),
        ("arrival", "step_not_allowed"),
        ("log_opened", "step_not_allowed"),
    ],
)
def test_nothing_happens_twice(kind, code):
    entry = find(kind)
    made = bought(inserted(entry["seq"], kind, entry["body"]))
    assert code in faults(audit(made))


def test_rules_openings_and_the_citys_number_come_in_time():
    seed = next(s for s in range(60) if len(of_kind(s, "rules_announced")) > 1)
    rules, opened = of_kind(seed, "rules_announced")[-1], of_kind(seed, "monday_opened")
    late = bought(moved_behind(rules["seq"], opened[-1]["seq"]), seed)
    assert "rules_late" in faults(audit(late))
    day = [one["seq"] for one in of_kind(seed, "line_closed")][-1]
    held = [one for one in opened if one["body"]["seats"]][-1]
    late = bought(moved_behind(held["seq"], day - 1), seed)
    assert "opened_late" in faults(audit(late))
    sealed = next(one for one in of_kind(seed, "commitment") if one["body"]["party"] == "city")
    late = bought(moved_behind(sealed["seq"], day - 1), seed)
    assert "commitment_late" in faults(audit(late))


@cache
def of_kind(seed, kind):
    return [one for one in honest(seed).decoded() if one["kind"] == kind]


def stood(seed):
    """Return whether the first value entered in a city is the one that stands."""
    typed = of_kind(seed, "value")[:1]
    entered = {
        (one["body"]["monday"], one["body"]["value"]) for one in of_kind(seed, "value_stands")
    }
    return any((one["body"]["monday"], one["body"]["value"]) in entered for one in typed)


def test_the_value_is_not_typed_before_the_numbers_are_shown_nor_otherwise():
    seed = next(filter(stood, range(60)))
    value = of_kind(seed, "value")[0]
    monday = value["body"]["monday"]
    closed = next(one for one in of_kind(seed, "reveals_closed") if one["body"]["monday"] == monday)
    early = bought(moved_behind(value["seq"], closed["seq"] - 1), seed)
    assert "value_early" in faults(audit(early))
    stands = next(one for one in of_kind(seed, "value_stands") if one["body"]["monday"] == monday)
    other = bought(altered(stands["seq"], value="1111111111"), seed)
    assert {"value_stands_wrong", "seed_differs"} <= faults(audit(other))
    typed = bought(altered(value["seq"], value="1111111111"), seed)
    expected = "value_stands_wrong" if value["body"]["party"] == "city" else "signature_wrong"
    assert expected in faults(audit(typed))


def test_a_witness_signs_in_one_spelling():
    said = next(one for one in of_kind(DRAWN, "commitment") if one["body"]["sig"])
    sig = otherwise_spelled(said["body"]["sig"])
    assert "signature_wrong" in faults(audit(bought(altered(said["seq"], sig=sig), DRAWN)))


def test_silence_is_not_chosen_and_a_witness_is_not_cut_off():
    seed = next(s for s in range(60) if len(of_kind(s, "reveal")) > 1)
    shown = next(one for one in of_kind(seed, "reveal") if one["body"]["party"] != "city")
    body = shown["body"]
    closed = next(
        one for one in of_kind(seed, "reveals_closed") if one["body"]["monday"] == body["monday"]
    )["body"]
    seq = find("reveals_closed", seed=seed, monday=body["monday"])["seq"]
    revealed = [one for one in closed["revealed"] if one != body["party"]]
    silent = sorted([*closed["silent"], body["party"]])
    made = bought(altered(seq, revealed=revealed, silent=silent), seed)
    assert "reveals_closed_wrong" in faults(audit(made))

    def cut(entries):
        entries = altered(seq, revealed=revealed, silent=silent)(entries)
        return without(shown["seq"])(entries)

    alone = forged(honest(seed), cut)
    assert {"not_cosigned", "seed_differs"} <= faults(audit(alone))
    stranger = altered(of_kind(seed, "commitment")[-1]["seq"], party="friend")
    assert "stranger" in faults(audit(bought(stranger, seed)))
    differs = altered(shown["seq"], value="0" * 64)
    assert "reveal_differs" in faults(audit(bought(differs, seed)))
    freeze = of_kind(seed, "freeze")[0]["seq"]
    early = moved_behind(shown["seq"], freeze)
    assert {"reveal_early", "reveal_differs"} & faults(audit(bought(early, seed)))


def cosigned_note(history, number):
    """Return a checkpoint that a witness, or anybody, has stored."""
    cosigned = [note for note in history.notes if note.stamps]
    return history.note_text(cosigned[number])


def test_a_log_rewritten_or_cut_contradicts_who_kept_a_checkpoint():
    books = honest(DRAWN)
    made = forged(books, without(books.notes[2].size - 1))
    old = {f"note/{note.size}": books.note_text(note).encode() for note in books.notes}
    assert "log_rewritten" in faults(audit(made, paths=old))
    assert "log_rewritten" in codes(audit(made, cosigned_note(books, -2)))
    assert codes(audit(books, cosigned_note(books, 2))) == codes(audit(books))
    size = books.notes[-3].size
    short = forged(books, lambda entries: entries[:size])
    assert "log_cut" in codes(audit(short, cosigned_note(books, -1)))
    assert "log_cut" in codes(audit(short, books.receipt(size + 1)))


def test_a_phantom_before_the_freeze_and_an_earlier_filing_lose_the_witnesses_lines():
    """The city alone states who filed when; witnesses sign its place in the log."""
    books = honest(DRAWN)
    closed = find("line_closed", 1)["seq"]
    body = {**find("filed")["body"], "ticket": "f" * 64}
    phantom = forged(books, inserted(closed - 1, "filed", body))
    assert {"not_cosigned", "cosigned_late"} <= codes(audit(phantom))
    late = next(one for one in of_kind(DRAWN, "filed") if one["seq"] > closed)
    earlier = forged(books, moved_behind(late["seq"], closed - 1))
    assert {"not_cosigned", "cosigned_late"} <= codes(audit(earlier))
    assert "log_rewritten" in codes(audit(earlier, cosigned_note(books, -1)))


def test_two_logs_for_two_readers_contradict_each_other():
    one = honest(DRAWN)
    other = forged(one, without(len(one.entries) - 4), bought=True)
    assert "log_rewritten" in codes(audit(one, cosigned_note(other, -1)))


def test_a_receipt_proves_what_the_book_said():
    books = honest(DRAWN)
    seq = find("present")["seq"]
    receipt = books.receipt(seq)
    assert audit(books, receipt) == audit(books)
    made = forged(books, altered(seq, ticket=find("filed")["body"]["ticket"]))
    assert {"receipt_contradicted", "log_rewritten"} <= codes(audit(made, receipt))


def test_seats_are_those_of_the_rule():
    draw = next(one for one in of_kind(DRAWN, "draw") if one["body"]["seated"] > 1)
    file = json.loads(canonical(honest(DRAWN).files[draw["body"]["draw"]]))
    seated = file["seated"]
    seated[0]["ticket"], seated[1]["ticket"] = seated[1]["ticket"], seated[0]["ticket"]
    made = bought(altered(draw["seq"], file=sha(canonical(file))))
    path = {f"draws/{file['draw']}.json": canonical(file).encode()}
    assert "seated_differs" in faults(audit(made, paths=path))
    assert "seated_differs" in faults(audit(honest(DRAWN), paths=path))
    more = bought(altered(draw["seq"], seated=draw["body"]["seated"] + 1))
    assert "seated_differs" in faults(audit(more))
    gone = bought(without(of_kind(DRAWN, "draw")[-1]["seq"]))
    assert "draw_missing" in faults(audit(gone))


@pytest.mark.parametrize("seconds", [7200, -7200, 2**62])
def test_a_clock_that_is_wrong_is_told_by_the_witnesses(seconds):
    books = honest(DRAWN)
    notes = [
        Note(note.size, {name: one + seconds for name, one in note.stamps.items()})
        for note in books.notes
    ]
    made = forged(books, list)
    made.notes = notes
    expected = "clock_ahead" if seconds < 0 else "clock_behind"
    assert expected in faults(audit(made))


def test_times_of_the_week_hold():
    closed = find("line_closed", 1)
    early = stamp(moment(FIRST_MONDAY - timedelta(days=3)))
    assert faults(audit(bought(altered(closed["seq"], at=early)))) & {"early", "time_back"}
    lapsed = [one for seed in range(30) for one in of_kind(seed, "seat_lapsed")[:1]]
    seed = next(seed for seed in range(30) if of_kind(seed, "seat_lapsed"))
    drawn = find("draw", seed=seed, draw=lapsed[0]["body"]["draw"])["seq"]
    made = bought(moved_behind(lapsed[0]["seq"], drawn), seed)
    assert "lapsed_early" in faults(audit(made))


def is_about(entry, place):
    return all(entry["body"][key] == place[key] for key in place)


def test_a_city_that_asked_no_witness_is_named_so_and_not_accused():
    assert codes(audit(alone())) <= program.NOTES
    assert "unwitnessed" in codes(audit(alone()))


def missed_own_seat():
    """Return a city and a no-show in it, of a seat that was not given at the door."""
    for seed in range(60):
        for one in honest(seed).decoded():
            place = {key: one["body"].get(key) for key in ("ticket", "draw")}
            stood = [e for e in honest(seed).decoded() if e["kind"] == "stood_in"]
            if one["kind"] == "no_show" and not any(is_about(e, place) for e in stood):
                return seed, one
    raise AssertionError


def test_a_guest_who_was_there_is_not_missing():
    seed, missed = missed_own_seat()
    body = {key: missed["body"][key] for key in ("ticket", "draw")} | {"by": "citizen"}
    made = bought(inserted(missed["seq"] - 1, "present", body), seed)
    assert "no_show_but_present" in faults(audit(made))
    made = bought(altered(missed["seq"], at=at(missed["seq"] - 1, seed)["at"], time="11:00"), seed)
    assert {"no_show_early", "step_not_allowed"} & faults(audit(made))
