"""The witness's program keeps a copy, signs a log that continues, and refuses any other."""

import base64
import json
import stat
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from types import ModuleType

import pytest
from witness_command import (
    CITY_SEED,
    HASH,
    ORIGIN,
    RESERVE_SEED,
    RULES,
    STRANGER_SEED,
    DemoCity,
    Institution,
    after,
    at,
    canonical,
    institution,
)

from publicmeeting.kit.jalali import from_iso, iso
from publicmeeting.turns.formulas import commitment
from publicmeeting.turns.rules.witness import is_statement_signed, statement_text
from publicmeeting.turns.tree import note as notes
from publicmeeting.turns.tree.checkpoint import city_key
from publicmeeting.turns.tree.merkle import root_at
from publicmeeting.turns.tree.tiles import nodes_of, read_bundle, tiles_of

MONDAY = "1405-09-16"


def sent(watched: DemoCity, path: str) -> list[bytes]:
    return [data for where, data in watched.posted if where == path]


def key_of(council: Institution) -> notes.Key:
    copy = council.copy
    return notes.Key(copy.name, notes.KeyType.COSIGNATURE, copy.public)


def test_its_cosignature_is_one_of_c2sp(council: Institution, watched: DemoCity) -> None:
    council.round()
    (data,) = sent(watched, "cosignature")
    note = notes.SignedNote.read(data)
    found = note.signed_by([key_of(council), city_key(ORIGIN, CITY_SEED)])
    assert len(found) == 2
    assert found[key_of(council)].seconds == int(watched.now.timestamp())


def test_the_vectors_of_the_rule(module: ModuleType, tmp_path: Path) -> None:
    watched = DemoCity(at("2026-11-29 00:00:00"), module)
    watched.append("log_opened", at("2026-11-28 23:59:59"), continues="", origin=ORIGIN)
    watched.append("line_closed", monday=MONDAY)
    council = institution(module, tmp_path / "council", watched)
    seed = base64.b64encode(b"\x02" * 32).decode()
    (council.folder / "seed").write_text(seed)
    copy = council.copy
    assert module.vkey(copy.name, 4, copy.public).split("+")[1] == "c2fc4b46"
    note = module.Note(watched.get("checkpoint"))
    assert base64.b64encode(note.root).decode() == "whN9CSzWyJnPgPYqGW7qcQJ1EficAPxCds4sQ1moTIc="
    line = copy.cosign(note, module.datetime.fromtimestamp(1795941000, module.timezone.utc))
    assert line.split()[2].startswith("wvxLRgAAAABrC+KIYdo6oS3B")


def test_only_its_owner_may_read_its_secrets(council: Institution) -> None:
    council.round()
    value = council.folder / "values" / MONDAY
    for path in (council.folder / "seed", value, council.folder / "checkpoint"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for path in (council.folder, value.parent):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700


def test_a_second_key_never_replaces_the_first(council: Institution) -> None:
    seed = (council.folder / "seed").read_text()
    key = city_key(ORIGIN, CITY_SEED).vkey
    words = ["keygen", "--dir", str(council.folder), "--party", "council"]
    assert council.module.main([*words, "--name", "x.ir", "--city-key", key]) == 1
    assert (council.folder / "seed").read_text() == seed


@pytest.mark.parametrize("party", ["city", "Council", "شورا", "", "a b"])
def test_a_name_that_is_none(module: ModuleType, tmp_path: Path, party: str) -> None:
    key = city_key(ORIGIN, CITY_SEED).vkey
    words = ["keygen", "--dir", str(tmp_path / "x"), "--party", party, "--name", "x.ir"]
    assert module.main([*words, "--city-key", key]) == 1


@pytest.mark.parametrize("key", ["", "x", "example.ir/log+00000000+AQ==", "a+b+c", "شهر"])
def test_a_city_key_that_is_none(module: ModuleType, tmp_path: Path, key: str) -> None:
    words = ["keygen", "--dir", str(tmp_path / "x"), "--party", "council", "--name", "x.ir"]
    assert module.main([*words, "--city-key", key]) == 1


def test_its_week_goes_by_itself(council: Institution, watched: DemoCity) -> None:
    council.round()
    (promised,) = sent(watched, "commitment")
    value = (council.folder / "values" / MONDAY).read_text()
    assert json.loads(promised)["commitment"] == commitment("council", value)
    council.round()
    assert len(sent(watched, "commitment")) == 1
    watched.now = at("2026-12-01 12:00")
    watched.append("freeze", draw=f"d06-{MONDAY}", pool_root=HASH, rows=0, because=[1])
    council.round()
    assert not sent(watched, "reveal")
    watched.now = at("2026-12-01 20:00")
    council.round()
    council.round()
    assert [json.loads(one)["value"] for one in sent(watched, "reveal")] == [value]
    watched.now = at("2026-12-01 22:00")
    watched.append("reveals_closed", monday=MONDAY, revealed=["council"], silent=[])
    watched.now = at("2026-12-02 15:00")
    council.round("۲٬۱۸۵٬۹۷۹")
    (entered,) = [json.loads(one) for one in sent(watched, "value")]
    assert (entered["day"], entered["value"]) == ("1405-09-11", "2185979")


def test_a_value_is_never_shown_before_every_list_is_fixed(
    council: Institution, watched: DemoCity
) -> None:
    watched.append("monday_opened", draw=f"d07-{MONDAY}", rules_hash=HASH, seats=["09:00"], why="")
    council.round()
    watched.now = at("2026-12-01 12:00")
    watched.append("freeze", draw=f"d06-{MONDAY}", pool_root=HASH, rows=0, because=[1])
    watched.now = at("2026-12-01 20:30")
    council.round()
    assert not sent(watched, "reveal")
    watched.append("freeze", draw=f"d07-{MONDAY}", pool_root=HASH, rows=0, because=[1])
    council.round()
    assert not sent(watched, "reveal"), "a late freeze moves the reveals by its lateness"
    watched.now = after(at("2026-12-01 20:00"), 510)
    council.round()
    assert len(sent(watched, "reveal")) == 1


def test_a_list_that_an_objection_changed_is_awaited(
    council: Institution, watched: DemoCity
) -> None:
    council.round()
    watched.now = at("2026-12-01 12:00")
    draw = f"d06-{MONDAY}"
    watched.append("freeze", draw=draw, pool_root=HASH, rows=0, because=[1])
    watched.append("objection", draw=draw, ticket=HASH, number=1, outcome="changed", because=[5])
    watched.now = at("2026-12-01 20:01")
    council.round()
    assert not sent(watched, "reveal")
    watched.append("freeze", draw=draw, pool_root=HASH, rows=1, because=[6])
    council.round()
    assert sent(watched, "reveal")


def test_words_are_signed_as_the_rule_says(council: Institution, watched: DemoCity) -> None:
    council.round()
    body = json.loads(sent(watched, "commitment")[0])
    lines = ["publicmeeting/said/v1", ORIGIN, "commitment", MONDAY, "council", body["commitment"]]
    text = "".join(f"{line}\n" for line in lines).encode()
    assert council.module.is_signed(council.copy.public, base64.b64decode(body["sig"]), text)


def test_a_missed_week_is_told_and_the_next_goes_on(
    council: Institution, watched: DemoCity, capsys: pytest.CaptureFixture[str]
) -> None:
    watched.now = at("2026-12-02 10:00")
    watched.append("monday_opened", draw="d06-1405-09-23", rules_hash=HASH, seats=["09:00"], why="")
    council.round()
    assert [json.loads(one)["monday"] for one in sent(watched, "commitment")] == ["1405-09-23"]
    assert council.module.SAYS["missing"].format(MONDAY) in capsys.readouterr().out


def rewrite(watched: DemoCity, seq: int = 2) -> None:
    entry = json.loads(watched.entries[seq - 1])
    entry["at"] = "2026-11-20T06:29:59Z"
    watched.entries[seq - 1] = canonical(entry)


@pytest.mark.parametrize("grows", [False, True])
def test_a_rewritten_log_is_refused_and_both_notes_are_kept(
    council: Institution, watched: DemoCity, *, grows: bool
) -> None:
    council.round()
    before = watched.note(3)
    rewrite(watched)
    if grows:
        watched.append("line_closed", monday=MONDAY)
    watched.posted.clear()
    with pytest.raises(council.module.Refused, match="بازنویسی"):
        council.round()
    assert not sent(watched, "cosignature")
    (proof,) = council.folder.glob("rewritten-*")
    assert (proof / "old.note").read_bytes() == before
    assert (proof / "new.note").read_bytes() == watched.get("checkpoint")
    mine = council.module.bundle_of((proof / "our-entries").read_bytes())
    theirs = council.module.bundle_of((proof / "their-entries").read_bytes())
    assert mine[1] != theirs[1]
    with pytest.raises(council.module.Refused, match="rewritten-"):
        council.round()


def test_a_shorter_log_is_not_signed(council: Institution, watched: DemoCity) -> None:
    council.round()
    council.round()
    watched.posted.clear()
    for size in (4, 3):
        del watched.entries[size - 1 :]
        with pytest.raises(council.module.Refused, match=str(size - 1)):
            council.round()
    assert not watched.posted


@pytest.mark.parametrize("seed", [STRANGER_SEED, RESERVE_SEED])
def test_a_log_under_another_key(council: Institution, watched: DemoCity, seed: bytes) -> None:
    watched.seed = seed
    if seed == RESERVE_SEED:
        council.round()
        assert sent(watched, "cosignature")
    else:
        with pytest.raises(council.module.Refused):
            council.round()
        assert not watched.posted


def cut(data: bytes) -> bytes:
    return data[:-1]


def doubled(data: bytes) -> bytes:
    return data + data


def emptied(_data: bytes) -> bytes:
    return b""


def foreign(data: bytes) -> bytes:
    return data.replace(b"example.ir", b"example.de")


@pytest.mark.parametrize("where", ["checkpoint", "tile/entries/000.p/3"])
@pytest.mark.parametrize("how", [cut, doubled, emptied, foreign])
def test_a_broken_answer_is_one_sentence_and_signs_nothing(
    council: Institution, watched: DemoCity, where: str, how
) -> None:
    watched.tamper = lambda path, data: how(data) if path == where else data
    if where != "checkpoint" and how is doubled:  # the bundle's first three entries are right
        council.round()
        return
    with pytest.raises((council.module.Refused, council.module.NotNow), match=r"\w"):
        council.round()
    assert not watched.posted
    watched.tamper = lambda _path, data: data
    council.round()
    assert sent(watched, "cosignature")


@pytest.mark.parametrize(
    "raw",
    [
        b'{"at":"2026-11-20T07:00:00Z","body":{},"kind":"audited","seq":9}',
        b'{"at": "2026-11-20T07:00:00Z","body":{},"kind":"audited","seq":4}',
        b'{"at":"2020-11-20T07:00:00Z","body":{},"kind":"audited","seq":4}',
        b'{"at":"2026-11-20T07:00:00Z","body":{},"kind":"audited","more":1,"seq":4}',
        '{"at":"2026-11-20T06:30:00Z","body":{"é":1},"kind":"audited","seq":4}'.encode(),
        b"[]",
        b"\xff",
        b"[" * 60_000,
    ],
)
def test_an_entry_out_of_form_stops_it(council: Institution, watched: DemoCity, raw: bytes) -> None:
    council.round()
    del watched.entries[3:]
    (council.folder / "cosigned").unlink()
    (council.folder / "checkpoint").unlink()
    (council.folder / "entries").unlink()
    watched.posted.clear()
    watched.entries.append(raw)
    with pytest.raises(council.module.Refused, match="4"):
        council.round()
    assert not watched.posted


def test_a_clock_ahead_is_not_signed(council: Institution, watched: DemoCity) -> None:
    watched.append("line_closed", at=after(watched.now, 6), monday=MONDAY)
    with pytest.raises(council.module.Refused, match="4"):
        council.round()
    assert not sent(watched, "cosignature")


def test_a_city_that_is_away_is_asked_again(council: Institution, watched: DemoCity) -> None:
    watched.is_away = True
    with pytest.raises(council.module.NotNow):
        council.round()
    watched.is_away = False
    council.round()
    assert sent(watched, "cosignature")


def test_a_power_cut_between_entries_and_checkpoint(
    council: Institution, watched: DemoCity
) -> None:
    council.round()
    with (council.folder / "entries").open("ab") as file:
        file.write(b"\x00\x05half")
    watched.append("line_closed", monday=MONDAY)
    council.round()
    assert len(council.copy.entries) == len(watched.entries)


def test_it_signs_at_each_moment_and_else_once_an_hour(
    council: Institution, watched: DemoCity
) -> None:
    council.round()
    watched.append("filed", ticket=HASH)
    council.round()
    assert len(sent(watched, "cosignature")) == 1
    watched.append("line_closed", monday=MONDAY)
    council.round()
    assert len(sent(watched, "cosignature")) == 2


def test_a_long_log_by_bundles(council: Institution, watched: DemoCity) -> None:
    for number in range(600):
        watched.append("filed", ticket=HASH, number=number)
    council.round()
    watched.append("line_closed", monday=MONDAY)
    council.round()
    assert len(council.copy.entries) >= 604


def test_a_value_lost_is_told(
    council: Institution, watched: DemoCity, capsys: pytest.CaptureFixture[str]
) -> None:
    council.round()
    (council.folder / "values" / MONDAY).unlink()
    watched.now = at("2026-12-01 12:00")
    watched.append("freeze", draw=f"d06-{MONDAY}", pool_root=HASH, rows=0, because=[1])
    watched.now = at("2026-12-01 20:10")
    council.round()
    assert council.module.SAYS["lost"].format(MONDAY) in capsys.readouterr().out
    assert not sent(watched, "reveal")


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("2185979.4", "decimals"),
        ("۲۱۸۵۹۷۹٫۴", "decimals"),
        ("2 185 979", "space"),
        ("02185979", "number"),
        ("abc", "number"),
        ("", "number"),
        ("-1", "number"),
    ],
)
def test_a_value_out_of_form_is_one_sentence(module: ModuleType, typed: str, key: str) -> None:
    with pytest.raises(module.Refused) as refused:
        module.typed_value(typed, "published")
    assert str(refused.value) == module.SAYS[key]


@pytest.mark.parametrize(
    ("typed", "kind", "value"),
    [
        (" ۲۱۸۵۹۷۹ ", "published", "2185979"),
        ("2,185,979", "published", "2185979"),
        ("none", "published", "none"),
        ("۱۲۳۴۵۶۱۲۳۴", "dice", "1234561234"),
    ],
)
def test_a_value_as_people_type_it(module: ModuleType, typed: str, kind: str, value: str) -> None:
    assert module.typed_value(typed, kind) == value


def test_dice_out_of_form(module: ModuleType) -> None:
    with pytest.raises(module.Refused):
        module.typed_value("1234567890", "dice")


def test_a_value_out_of_its_time(council: Institution) -> None:
    with pytest.raises(council.module.Refused) as refused:
        council.round("2185979")
    assert str(refused.value) == council.module.SAYS["no_day"]


def test_the_days_of_both_calendars(module: ModuleType) -> None:
    day = from_iso("1400-01-01")
    for _ in range(4000):
        text = iso(day)
        assert module.gregorian(text) == day
        assert module.jalali_of(day) == text
        day += module.timedelta(days=1)


# add-checkpoint, c2sp.org/tlog-witness


def asks(council: Institution, watched: DemoCity, old: int, proof=None, note=None):
    proof = watched.proof(old) if proof is None and old else proof or []
    lines = "".join(base64.b64encode(one).decode() + "\n" for one in proof)
    raw = f"old {old}\n{lines}\n".encode() + (note or watched.get("checkpoint"))
    return council.module.add_checkpoint(council.copy, raw, watched.now)


def test_add_checkpoint_signs_and_goes_on(council: Institution, watched: DemoCity) -> None:
    status, line, *_ = asks(council, watched, 0)
    assert status == 200
    note = notes.SignedNote.read(watched.get("checkpoint") + line)
    assert key_of(council) in note.signed_by([key_of(council)])
    for number in range(300):
        watched.append("filed", ticket=HASH, number=number)
    assert asks(council, watched, 3)[0] == 200
    assert asks(council, watched, 303)[0] == 200


def test_add_checkpoint_tells_the_size_it_knows(council: Institution, watched: DemoCity) -> None:
    assert asks(council, watched, 0)[0] == 200
    watched.append("line_closed", monday=MONDAY)
    assert asks(council, watched, 0) == (409, b"3\n", "text/x.tlog.size")
    assert asks(council, watched, 2) == (409, b"3\n", "text/x.tlog.size")


def test_add_checkpoint_refuses_what_does_not_continue(
    council: Institution, watched: DemoCity
) -> None:
    assert asks(council, watched, 0)[0] == 200
    watched.append("line_closed", monday=MONDAY)
    proof = watched.proof(3)
    assert asks(council, watched, 3, proof=[])[0] == 422
    assert asks(council, watched, 3, proof=proof[::-1])[0] == 422
    assert asks(council, watched, 3, proof=[*proof, proof[0]])[0] == 422
    rewrite(watched)
    assert asks(council, watched, 3, proof=watched.proof(3))[0] == 422
    assert asks(council, watched, 5, proof=proof)[0] == 400


def test_add_checkpoint_keeps_a_second_root_of_one_size(
    council: Institution, watched: DemoCity
) -> None:
    assert asks(council, watched, 0)[0] == 200
    rewrite(watched)
    assert asks(council, watched, 3, proof=[])[0] == 409
    assert list(council.folder.glob("rewritten-*"))
    assert asks(council, watched, 3, proof=[])[0] == 403


def test_add_checkpoint_of_strangers(council: Institution, watched: DemoCity) -> None:
    watched.seed = STRANGER_SEED
    assert asks(council, watched, 0)[0] == 403
    foreign_note = watched.note().replace(b"example.ir", b"example.de")
    assert asks(council, watched, 0, note=foreign_note)[0] == 404


@pytest.mark.parametrize(
    "raw", [b"", b"old 1", b"old -1\n\n", b"old 01\n\nx", b"old 0\n\xff\n\n", b"new 0\n\n"]
)
def test_add_checkpoint_out_of_form(council: Institution, watched: DemoCity, raw: bytes) -> None:
    note = watched.get("checkpoint") if raw.endswith(b"\n\n") else b""
    assert council.module.add_checkpoint(council.copy, raw + note, watched.now)[0] == 400


def test_its_copy_is_a_mirror(council: Institution, watched: DemoCity) -> None:
    for number in range(520):
        watched.append("filed", ticket=HASH, number=number)
    council.round()
    copy = council.copy

    def tile(path: str) -> bytes | None:
        return council.module.Server.tile(None, copy, path)

    size = len(copy.entries)
    nodes = nodes_of(size, lambda one: tile(f"/{one.path}") or b"")
    assert root_at(size, nodes) == copy.note.root
    for one in tiles_of(size):
        if one.level is None:
            data = tile(f"/{one.path}")
            assert read_bundle(data or b"", one.width) == copy.entries[one.first :][: one.width]
    assert tile("/checkpoint") is not None
    for path in ("/tile/0/3", "/tile/0/003", "/tile/0/000.p/0", "/tile/0/000.p/256", "/tile/9/000"):
        assert tile(path) is None
    for path in ("/../seed", "/seed", "/tile/entries/x000/000", "/tile/-1/000", ""):
        assert tile(path) is None


def test_run_and_serve_never_sign_two_logs(council: Institution, watched: DemoCity) -> None:
    """A signature by `serve` binds `run`, and the other way round."""
    council.round()
    copied = len(council.copy.entries)
    rewrite(watched)
    assert asks(council, watched, 3, proof=watched.proof(3))[0] in {409, 422}
    assert copied == 3


def proposed(
    watched: DemoCity, council: Institution, start: str = "1405-10-07", **other: object
) -> str:
    """Announce rules that name the council and propose rules without witnesses; return the hash."""
    key = key_of(council).vkey
    named = {**RULES, "witnesses": [{"party": "council", "org": "", "url": "", "vkey": key}]}
    watched.append("rules_announced", hash="cd" * 32, rules=named, **{"from": "1405-09-16"})
    rules = {**RULES, "witnesses": [], **other}
    digest = sha256(canonical(rules)).hexdigest()
    body = {"from": start, "hash": digest, "rules": rules, "officer": "city/0a0a0a0a"}
    watched.append("rules_proposed", **body)
    return digest


def test_whoever_runs_it_reads_once_that_rules_wait_for_its_name(
    council: Institution, watched: DemoCity, capsys: pytest.CaptureFixture[str]
) -> None:
    """A letter to an organisation may lie for a week, which is as long as a proposal waits."""
    proposed(watched, council)
    said = council.module.SAYS["rules_wait"].format(len(watched.entries), "1405-10-07")
    council.round()
    assert said in capsys.readouterr().out
    council.round()
    assert said not in capsys.readouterr().out, "each minute is another process, by cron"
    assert sent(watched, "rules") == [], "nothing of it is signed by itself"


def test_no_rules_hide_the_ones_beside_them(
    council: Institution, watched: DemoCity, capsys: pytest.CaptureFixture[str]
) -> None:
    """A key that moves the cursor up and clears a line would hide a change from the signer."""
    proposed(watched, council, **{"witnesses\x1b[1A\x1b[2K": 1})
    council.rules("")
    shown = capsys.readouterr().out
    assert "witnesses: [{" in shown
    assert "\x1b" not in shown


def test_a_witness_reads_what_is_proposed_and_signs_what_it_names(
    council: Institution, watched: DemoCity, capsys: pytest.CaptureFixture[str]
) -> None:
    digest = proposed(watched, council)
    seq = len(watched.entries)
    assert council.rules("") == 0
    shown = capsys.readouterr().out
    assert "witnesses: [{" in shown
    assert f"--sign {digest}" in shown
    assert council.rules("ab" * 32) == 1
    assert sent(watched, "rules") == []
    assert council.rules(digest) == 0
    (word,) = map(json.loads, sent(watched, "rules"))
    assert {**word, "sig": ""} == {
        "monday": "1405-10-07",
        "party": "council",
        "hash": digest,
        "sig": "",
    }
    lines = statement_text(ORIGIN, "rules_signed", "1405-10-07", "council", digest)
    assert is_statement_signed(key_of(council), lines, word["sig"])
    watched.append("rules_signed", **word, because=[seq])
    assert council.rules(digest) == 1, "once is enough"
    assert len(sent(watched, "rules")) == 1


def test_what_has_run_out_or_was_followed_by_another_waits_for_no_name(
    council: Institution, watched: DemoCity, capsys: pytest.CaptureFixture[str]
) -> None:
    """The log has no entry of a rejected proposal, and the city would refuse the signature."""
    first = proposed(watched, council)
    again = json.loads(watched.entries[-1])["body"]
    again["rules"] = {**again["rules"], "version": 3}
    again["hash"] = sha256(canonical(again["rules"])).hexdigest()
    watched.append("rules_proposed", **again)
    assert council.rules("") == 0
    shown = capsys.readouterr().out
    assert again["hash"] in shown
    assert first not in shown
    watched.now = datetime.fromisoformat(json.loads(watched.entries[-1])["at"]) + timedelta(days=7)
    assert council.rules(again["hash"]) == 1
    assert again["hash"] not in capsys.readouterr().out
    assert sent(watched, "rules") == []


def test_a_witness_signs_no_rules_of_another_hash_nor_what_is_announced(
    council: Institution, watched: DemoCity, module: ModuleType
) -> None:
    digest = proposed(watched, council)
    forged = json.loads(watched.entries[-1])["body"]
    forged["rules"] = {**forged["rules"], "version": 9}
    watched.entries.pop()
    watched.append("rules_proposed", **forged)
    with pytest.raises(module.Refused):
        council.rules(digest)
    watched.append("rules_announced", hash=HASH, rules=RULES, **{"from": "1405-10-07"})
    assert council.rules(digest) == 1
    assert sent(watched, "rules") == []
