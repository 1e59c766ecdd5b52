"""Wrong and hostile input to the offline auditor gives one clear sentence, never a traceback."""

import gzip
import json
import subprocess
import sys
import zipfile
from datetime import date
from functools import cache
from random import Random

import pytest
from auditor import PATH, audit, books_of, codes, command, faults, fine, program
from city_books import Signer, altered, forged, inserted, moved_behind, otherwise_spelled, without
from hypothesis import given, settings
from hypothesis import strategies as st
from known_answers import FILES
from persiantools.jdatetime import JalaliDate
from small_city import City, honest

SEED = 5
BOOKS = honest(SEED, weeks=3, filings=3)
"""A city of more entries than one tile holds, and few more."""
PATHS = dict(BOOKS.paths())
TILE = min(name for name in PATHS if name.startswith("tile/entries/"))
CHECKPOINT = PATHS["checkpoint"].decode()


def read_of(paths, *notes):
    """Return the key of what cannot be read, or the codes of the findings."""
    try:
        return codes(audit(BOOKS, *notes, paths=paths))
    except program.UnreadableError as error:
        return error.args[0]


def entries_tile(*entries):
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


SOME = BOOKS.entries[:256]
DEEP = b'{"at":"","body":%s,"kind":"","seq":1}' % (b"[" * 400 + b"]" * 400)


@pytest.mark.parametrize(
    ("tile", "word"),
    [
        (None, "tile_missing"),
        (PATHS[TILE][:-9], "cut_off"),
        (b"", "cut_off"),
        (gzip.compress(PATHS[TILE])[:-20], "cut_off"),
        (entries_tile(SOME[0], *SOME), {"seq_broken", "log_rewritten"}),
        (entries_tile(*SOME[::-1]), {"seq_broken", "time_back", "log_rewritten"}),
        (entries_tile(b"{}", *SOME[1:]), {"malformed", "log_rewritten"}),
        (entries_tile(b"\xff\xfe", *SOME[1:]), {"malformed", "log_rewritten"}),
        (entries_tile(DEEP, *SOME[1:]), {"malformed", "log_rewritten"}),
        (entries_tile(SOME[0].replace(b",", b", ", 1), *SOME[1:]), {"not_canonical"}),
        (entries_tile(SOME[0].replace(b"log_opened", b"log_closed"), *SOME[1:]), {"kind_unknown"}),
        (entries_tile(SOME[0].replace(b'"continues":"",', b""), *SOME[1:]), {"keys_differ"}),
        (entries_tile(SOME[0].replace(b'""', b"null"), *SOME[1:]), {"malformed"}),
        (entries_tile(SOME[0].replace(b'""', b"1.5"), *SOME[1:]), {"malformed"}),
    ],
    ids=[
        "missing",
        "cut",
        "empty",
        "half gzip",
        "doubled",
        "reordered",
        "foreign",
        "no text",
        "deep",
        "spaces",
        "unknown kind",
        "key gone",
        "null",
        "float",
    ],
)
def test_tiles(tile, word):
    found = read_of({TILE: tile})
    assert found == word if isinstance(word, str) else word <= found


def test_packed_tiles_and_a_full_tile_in_place_of_a_partial_one_are_read():
    packed = {name: gzip.compress(data) for name, data in PATHS.items() if "tile" in name}
    assert read_of(packed) == codes(audit(BOOKS))
    assert faults(audit(BOOKS)) == set()
    last = max(name for name in PATHS if name.startswith("tile/entries/") and ".p/" in name)
    whole = last.partition(".p/")[0]
    assert read_of({last: None, whole: PATHS[last] + b"\0\1x"}) == codes(audit(BOOKS))


FOREIGN = Signer("example.ir/council", b"\x55" * 32)


def note(text, *lines):
    return f"{text}\n{''.join(lines)}".encode()


TEXT = CHECKPOINT.partition("\n\n")[0] + "\n"
CITY = BOOKS.city.line(TEXT)
WITNESS = BOOKS.witnesses["example.ir/council"]
ROOT_AGAIN = otherwise_spelled(TEXT)


@pytest.mark.parametrize(
    ("checkpoint", "word"),
    [
        (None, "no_checkpoint"),
        (b"", "no_checkpoint"),
        (CHECKPOINT[:-30].encode(), "no_checkpoint"),
        (CHECKPOINT[:40].encode(), "no_checkpoint"),
        (CHECKPOINT.replace("\n", "\r\n").encode(), "no_checkpoint"),
        (note(TEXT), "no_checkpoint"),
        (note(TEXT, WITNESS.line(TEXT, 1_795_941_000)), {"key_unknown"}),
        (note(TEXT, FOREIGN.line(TEXT)), {"key_unknown"}),
        (note(TEXT, CITY.replace("log ", "log AAAA", 1)), {"key_unknown"}),
        (note(TEXT, CITY.replace("log ", "log A", 1)), "no_checkpoint"),
        (note(TEXT, CITY, otherwise_spelled(FOREIGN.line(TEXT, 1))), "no_checkpoint"),
        (note(ROOT_AGAIN, BOOKS.city.line(ROOT_AGAIN)), "no_checkpoint"),
        (note(TEXT, CITY, "— nobody *\n"), "no_checkpoint"),
        (note(TEXT, CITY, FOREIGN.line(TEXT, 1)), set()),
        (note(TEXT, BOOKS.city.line(TEXT + "more")), {"signature_wrong"}),
        (note(TEXT, CITY, WITNESS.line("other.ir/log\n1\n", 1_795_941_000)), {"signature_wrong"}),
        (note(TEXT + "more\n", BOOKS.city.line(TEXT + "more\n")), "no_checkpoint"),
        (note(TEXT.replace("example", "foreign"), CITY), {"signature_wrong", "note_malformed"}),
    ],
    ids=[
        "missing",
        "empty",
        "cut",
        "cut text",
        "crlf",
        "unsigned",
        "witness alone",
        "unknown key",
        "long line",
        "line of one more letter",
        "line otherwise spelled",
        "root otherwise spelled",
        "broken line",
        "foreign line beside",
        "wrong signature",
        "other origin cosigned",
        "more lines",
        "other origin",
    ],
)
def test_checkpoints(checkpoint, word):
    found = read_of({"checkpoint": checkpoint})
    assert found == word if isinstance(word, str) else word <= found


def test_notes_of_the_future_of_another_log_and_half_of_one():
    newest = f"note/{len(BOOKS.entries)}"
    size = len(BOOKS.entries) + 9
    future = TEXT.replace(f"\n{len(BOOKS.entries)}\n", f"\n{size}\n")
    ahead = note(future, BOOKS.city.line(future), WITNESS.line(future, 1_795_941_000))
    assert "log_cut" in read_of({f"note/{size}": ahead})
    assert "note_malformed" in read_of({newest: PATHS[newest][:33]})
    assert "note_malformed" in read_of({newest: PATHS[f"note/{BOOKS.notes[0].size}"]})
    assert "note_malformed" in read_of({"notes": b"5\n7\n"})


@pytest.mark.parametrize(
    "receipt",
    [
        "",
        "12-0123456789abcdef",
        '{"seq":12,"hash":"' + "0" * 64 + '"}',
        "example.ir/receipt/v1\n",
        BOOKS.receipt(9)[:200],
        BOOKS.receipt(9).replace("example.ir/log", "foreign.ir/log"),
        BOOKS.receipt(9).replace("\n", "\r\n"),
    ],
)
def test_receipts_of_the_first_version_cut_or_foreign(receipt):
    found = read_of({}, receipt)
    assert found == "no_receipt" or "signature_wrong" in found


def test_a_receipt_with_a_changed_letter_is_not_the_citys():
    receipt = BOOKS.receipt(9)
    assert read_of({}, receipt) == codes(audit(BOOKS))
    assert "signature_wrong" in read_of({}, receipt.replace("2026-", "2027-", 1))


@pytest.mark.parametrize("value", ["2185979.4", "۲۱۸۵۹۷۹", " 2185979", "02185979", "2,185,979", ""])
def test_a_value_is_plain_digits(value):
    seed = next(seed for seed in range(60) if any(map(is_value, honest(seed).decoded())))
    seq = next(one["seq"] for one in honest(seed).decoded() if is_value(one))
    found = faults(audit(forged(honest(seed), altered(seq, value=value))))
    assert found & {"keys_differ", "malformed"}


def is_value(entry):
    return entry["kind"] == "value"


def test_a_key_from_a_poster_is_compared():
    assert faults(books_of(BOOKS).found) == set()
    folder = program.Folder.__new__(program.Folder)
    folder.files = {name: lambda data=data: data for name, data in PATHS.items()}
    folder.top, folder.has_log = "", True
    assert faults(program.Books(folder, [BOOKS.city.vkey]).found) == set()
    other = Signer(BOOKS.origin, b"\x66" * 32, b"\1").vkey
    assert faults(program.Books(folder, [other]).found) == {"key_unknown"}
    with pytest.raises(program.UnreadableError):
        program.Books(folder, ["a poster"])


def as_program(*args):
    """Run the program as its user does; three tests do, each with another exit code."""
    done = subprocess.run(
        [sys.executable, "-W", "error", str(PATH), *map(str, args)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout


def test_a_journalist_reads_one_deliberate_fault_in_plain_persian(tmp_path):
    BOOKS.write(tmp_path / "fine")
    code, text = as_program(tmp_path / "fine", "--lang", "fa")
    assert f"{BOOKS.city.vkey}؛ آن را با پوستر" in text
    assert BOOKS.city.vkey not in command(tmp_path / "fine", "--key", BOOKS.city.vkey)[1]
    assert (code, text.splitlines()[-1].split(":")[0]) == (0, "درست")
    draw = next(one for one in BOOKS.decoded() if one["kind"] == "draw")
    forged(BOOKS, inserted(draw["seq"], "draw", draw["body"]), bought=True).write(tmp_path / "bad")
    code, text = as_program(tmp_path / "bad", "--lang", "fa")
    assert code == 1
    assert "قرعه دو بار انجام شده است" in text
    assert draw["body"]["draw"] in text
    code, text = command(tmp_path / "bad")
    assert (code, "a second draw" in text) == (1, True)


def test_a_citizen_proves_her_receipt_and_sees_her_turns(tmp_path):
    BOOKS.write(tmp_path / "log")
    with zipfile.ZipFile(tmp_path / "log.zip", "w") as whole:
        for name, data in PATHS.items():
            whole.writestr(f"city.ir/log/{name}", data)
    row = next(iter(BOOKS.files.values()))["pool"][0]
    filed = next(one for one in BOOKS.decoded() if one["body"].get("ticket") == row["ticket"])[
        "seq"
    ]
    (tmp_path / "receipt.txt").write_text(BOOKS.receipt(filed), encoding="utf-8")
    for log in (tmp_path / "log", tmp_path / "log.zip"):
        code, text = command("--receipt", tmp_path / "receipt.txt", log)
        assert code == 0
        assert "unchanged" in text
        assert "row " in text
    forged(BOOKS, altered(filed, prefers="other")).write(tmp_path / "bad")
    code, text = command("--receipt", tmp_path / "receipt.txt", tmp_path / "bad", "--lang", "fa")
    assert code == 1
    assert "جز رسید شما" in text
    code, text = command(tmp_path / "log", "--ticket", "0" * 64, "--lang", "fa")
    assert (code, "در هیچ فهرستی" in text) == (1, True)


def test_what_is_no_log_at_all_is_one_sentence(tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "d.txt").write_text("{", encoding="utf-8")
    (tmp_path / "d.json").write_text('{"a":', encoding="utf-8")
    for path, run in (
        (tmp_path / "empty", command),
        (tmp_path / "d.txt", command),
        (tmp_path / "d.json", command),
        (tmp_path / "none", as_program),
    ):
        code, text = run(path, "--lang", "fa")
        assert code == 2
        assert text.count("\n") == 1


@pytest.mark.parametrize("known", FILES.values(), ids=FILES)
def test_a_draw_file_alone_is_computed_again(known, tmp_path):
    path = tmp_path / "draw.json"
    file = {key: value for key, value in known.items() if key != "name"}
    path.write_text(json.dumps(file), encoding="utf-8")
    expected = 0 if "windows" in file["rules"] and "week" in file["rules"] else 1
    assert command(path)[0] in {0, expected}
    for key in ("seed", "pool_root", "rules_hash"):
        if key in file:
            path.write_text(json.dumps({**file, key: "0" * 64}), encoding="utf-8")
            assert command(path)[0] == 1


def test_days_are_those_of_the_calendar():
    for name, ordinal in list(program.JALALI.items())[::97]:
        assert JalaliDate(date.fromordinal(ordinal)).isoformat() == name


def test_its_signatures_are_those_of_everybody():
    rng = Random(4)
    for size in (0, 1, 63, 200):
        signer, message = Signer("a", rng.randbytes(32)), rng.randbytes(size)
        signed = signer.sign(message)
        check = program.is_signed.__wrapped__
        assert check(signer.public, message, signed)
        assert not check(signer.public, message + b"x", signed)
        for at in (0, 31, 32, 63):
            wrong = bytearray(signed)
            wrong[at] ^= 1
            assert not check(signer.public, message, bytes(wrong))
        high = int.from_bytes(signed[32:], "little") + program.ORDER
        assert not check(signer.public, message, signed[:32] + high.to_bytes(32, "little"))
    assert not check(b"\xff" * 32, b"", b"\0" * 64)


# Any change of any entry; everything else is made to fit, and only the city signs again.

KEPT_BY_NOBODY = """
Behind the last moment that witnesses must sign (value_stands and its draws), an entry is held by
whoever has a newer checkpoint or a receipt of it: `test_auditor.py` shows that each contradicts. A
Monday without seats needs no witness: nothing is given on it.
"""


def dishonest(rng, history):
    """Remove, double or move one entry, or change one value; return None for no change."""
    entries = history.decoded()
    entry = rng.choice(entries[1:])
    seq, kind, body = entry["seq"], entry["kind"], entry["body"]
    how = rng.choice(("remove", "double", "move", "alter"))
    if how == "remove":
        return without(seq)
    if how == "double":
        return inserted(min(len(entries), seq + rng.choice((0, 20))), kind, body)
    if how == "move":
        return moved_behind(seq, min(len(entries), seq + rng.choice((1, 5, 40))))
    key = rng.choice(list(body))
    others = [one["body"][key] for one in entries if one["kind"] == kind]
    others = [one for one in others if one != body[key]]
    return altered(seq, **{key: rng.choice(others)}) if others else None


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32))
def test_one_dishonest_change_is_found(number):
    rng = Random(number)
    seed = rng.randrange(8)
    history = small(seed)
    change = dishonest(rng, history)
    made = forged(history, change) if change else history
    if made.entries == history.entries:
        return
    books = books_of(made)
    found = sorted(one.code for one in books.found)
    pairs = zip(history.entries, made.entries, strict=False)
    at = next((at for at, (one, two) in enumerate(pairs, 1) if one != two), len(made.entries))
    assert found != fine(small, seed) or at > max(held(seed), default=0), KEPT_BY_NOBODY
    if made.entries[: len(history.entries)] == history.entries:
        return  # appended after everything else in public, it changes nobody's past
    newest = history.note_text(history.notes[-1])
    # If the change removed the rules, no rules announce the key of the stored note.
    books.prove(newest.encode())
    assert codes(books.found) & {"log_rewritten", "log_cut", "key_unknown"}


@cache
def small(seed):
    return City(seed, weeks=3, filings=3).run()


def held(seed):
    """Return numbers of entries up to which a quorum must have signed."""
    draws = [one for one in small(seed).decoded() if one["kind"] == "draw"]
    return [draw["seq"] for draw in draws if draw["body"]["seated"]]


def test_texts_are_whole():
    words = dict(line.split(": ", 1) for line in program.WORDS.strip().split("\n"))
    assert all(len(word.split(" / ")) == 2 for word in words.values())
    source = PATH.read_text(encoding="utf-8")
    used = {name for name in words if f'"{name}"' in source or name.endswith("_differs")}
    assert not {*words} ^ used
    assert set(words) >= program.NOTES
