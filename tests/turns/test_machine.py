"""The machines accept honest cities, and the tests walk every row of their tables."""

import re
from collections import Counter
from dataclasses import replace

import pytest
from small_city import alone, honest
from support.audited import audit, replay

from publicmeeting.turns.kinds import BODIES, Kind
from publicmeeting.turns.machine.audit import Auditor, published_entry
from publicmeeting.turns.machine.breaks import Break
from publicmeeting.turns.machine.replay import HANDLERS
from publicmeeting.turns.machine.state import Book

SEEDS = range(24)


def read(entries, files=None):
    return replay(entries, Book(files=files or {}))


def codes(entries):
    return [one.code for one in read(entries)[1] if not one.code.is_note]


@pytest.mark.parametrize("seed", SEEDS)
def test_an_honest_city_has_no_finding(seed):
    book, found = read(honest(seed).decoded())
    assert [one for one in found if not one.code.is_note] == []
    assert book.size == len(honest(seed).entries)


def test_every_kind_has_a_handler_and_occurs():
    assert set(HANDLERS) == set(BODIES)
    seen = Counter(entry["kind"] for seed in SEEDS for entry in honest(seed).decoded())
    assert set(seen) == {kind.value for kind in BODIES}


def test_the_files_that_follow_from_the_log_are_those_published():
    history = honest(3)
    book, _ = read(history.decoded())
    for name, file in history.files.items():
        assert book.draws[name].pool is None or file.items() >= book.draws[name].pool.file.items()


def changed(number, kind, **body):
    """Return the history with the first fitting entry of a kind changed."""
    entries = honest(number).decoded()
    for entry in entries:
        if entry["kind"] == kind.value and all(entry["body"][key] != body[key] for key in body):
            entry["body"].update(body)
            return entries
    raise LookupError(kind)


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        (Kind.FILED, {"note": "x"}, None),
        (Kind.FILED, {"district": 0}, Break.KEYS_DIFFER),
        (Kind.MONDAY_OPENED, {"rules_hash": "0" * 64}, Break.RULES_HASH_DIFFERS),
        (Kind.MONDAY_OPENED, {"seats": []}, Break.STEP_NOT_ALLOWED),
        (Kind.COMMITMENT, {"party": "stranger"}, Break.STRANGER),
        (Kind.FREEZE, {"pool_root": "0" * 64}, Break.POOL_ROOT_DIFFERS),
        (Kind.FREEZE, {"file": "0" * 64}, Break.FILE_DIFFERS),
        (Kind.REVEAL, {"value": "0" * 64}, Break.REVEAL_DIFFERS),
        (Kind.DRAW, {"seed": "0" * 64}, Break.SEED_DIFFERS),
        (Kind.DRAW, {"seated": 99}, Break.SEATED_DIFFERS),
        (Kind.TAKEN_OUT, {"ticket": "0" * 64}, Break.NEVER_FILED),
    ],
)
def test_one_change_is_named(kind, body, code):
    if code is None:
        entries = honest(3).decoded()
        next(entry for entry in entries if entry["kind"] == kind.value)["body"]["note"] = "x"
        assert Break.KEYS_DIFFER in codes(entries)
        return
    assert code in codes(changed(3, kind, **body))


def test_an_unknown_kind_and_a_kind_of_the_first_version_move_nothing():
    entries = honest(3).decoded()
    entries[4] = {**entries[4], "kind": "debt", "body": {"ticket": "0" * 64, "debt": 1}}
    assert Break.KIND_UNKNOWN in codes(entries)


def test_time_that_goes_back_is_named():
    entries = honest(3).decoded()
    entries[9]["at"] = "2020-01-01T00:00:00Z"
    assert Break.TIME_BACK in codes(entries)


def test_a_friend_let_in_is_named_with_her_ticket():
    history = honest(3)
    entries, files = history.decoded(), dict(history.files)
    frozen = next(entry for entry in entries if entry["kind"] == "freeze" and entry["body"]["rows"])
    name = frozen["body"]["draw"]
    friend = {**files[name]["pool"][0], "waited": 40}
    files[name] = {**files[name], "pool": [friend, *files[name]["pool"][1:]]}
    frozen["body"]["pool_root"] = "0" * 64
    found = [one for one in read(entries, files)[1] if one.code is Break.WAITED_DIFFERS]
    assert (found[0].draw, found[0].ticket) == (name, friend["ticket"])


def audited(history, notes=None):
    texts = [history.note_text(note) for note in history.notes] if notes is None else notes
    found = audit(history.origin, history.entries, texts, history.files)
    return [one.code for one in found if not one.code.is_note]


@pytest.mark.parametrize("seed", range(2))
def test_the_notes_of_an_honest_city_fit_its_log(seed):
    assert audited(honest(seed)) == []


def test_a_log_of_which_the_end_was_cut_contradicts_its_newest_note():
    history = honest(2)
    cut = replace(history, entries=history.entries[:-40])
    texts = [history.note_text(note) for note in history.notes]
    assert Break.LOG_CUT in audited(cut, texts)


def test_an_entry_changed_by_the_owner_of_the_city_key_contradicts_a_note_of_a_witness():
    history = honest(2)
    texts = [history.note_text(note) for note in history.notes]
    entries = list(history.entries)
    at = next(at for at, entry in enumerate(entries) if b'"kind":"filed"' in entry)
    entries[at] = re.sub(rb'"by":"[a-z]+"', b'"by":"clerk"', entries[at])
    assert Break.LOG_REWRITTEN in audited(replace(history, entries=entries), texts)


def test_a_witness_may_sign_a_time_that_no_calendar_has():
    history = honest(2)
    far = [replace(note, stamps=dict.fromkeys(note.stamps, 2**62)) for note in history.notes]
    assert Break.CLOCK_BEHIND in audited(history, map(history.note_text, far))


def test_without_witnesses_the_list_is_not_cosigned():
    history = honest(2)
    alone = [history.note_text(replace(note, stamps={})) for note in history.notes]
    assert Break.NOT_COSIGNED in audited(history, alone)


def test_where_the_rules_name_no_witness_each_monday_is_named_and_nothing_else_is_asked():
    auditor = Auditor("example.ir/log")
    for entry in alone().entries:
        auditor.read(entry)
    found = [one.code for one in auditor.finish()]
    assert Break.UNWITNESSED in found
    assert not {Break.NOT_COSIGNED, Break.COSIGNED_LATE} & set(found)
    assert all(one.is_note for one in found)


@pytest.mark.parametrize(
    ("note", "code"),
    [
        ("", Break.NOTE_MALFORMED),
        ("example.ir/log\n3\n\n", Break.NOTE_MALFORMED),
        (b"\xff\xfe", Break.NOTE_MALFORMED),
    ],
)
def test_half_a_note_is_named(note, code):
    assert audited(honest(2), [note])[:1] == [code]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", Break.MALFORMED),
        (b"[]", Break.MALFORMED),
        (b'{"at":1.5}', Break.MALFORMED),
        (b'{"at": "2026-11-28T20:30:00Z","body":{},"kind":"met","seq":1}', Break.NOT_CANONICAL),
        (b"[" * 5000, Break.MALFORMED),
    ],
)
def test_what_is_no_entry_is_named_and_moves_nothing(data, code):
    assert published_entry(data) is code
