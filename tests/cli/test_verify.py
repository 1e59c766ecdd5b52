"""Both programs that audit the public log: the command `verify` and the offline auditor."""

import gzip
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from auditor import PATH, command
from small_city import alone, honest

from publicmeeting.cli.app import main
from publicmeeting.cli.log_copy import LARGEST
from publicmeeting.kit.digits import persian
from publicmeeting.text.public_record.verify_text import FINDING
from publicmeeting.turns.draw_file import FROZEN_KEYS, OPEN_KEYS, frozen_file
from publicmeeting.turns.finding import FindingCode
from publicmeeting.turns.pool import Row

CITY = honest(3, weeks=5, filings=5)
"""More than 512 entries: two full tiles of the log, and a part of one."""
BOOK, HISTORY = CITY.decoded(), list(CITY.files.values())
HERE, THERE = sorted({file["district"] for file in HISTORY})[:2]
FILES = [file for file in HISTORY if file["district"] == HERE]
WITH_SEATS = next(file for file in FILES if len(file["seated"]) > 1 and len(file["standby"]) > 2)
TOTAL = f"{len(HISTORY)} draws, {len(BOOK)} log entries"


@pytest.fixture(params=["product", "standalone"])
def check(request, product):
    """Runs one verifier with the words of a person; returns exit code and output."""
    return product if request.param == "product" else standalone


@pytest.fixture
def product(capfd):
    def ran(*words):
        return main(["verify", *map(str, words)]), lines_of(capfd)

    return ran


def standalone(*words):
    status, printed = command(*words)
    return status, printed.splitlines()


def lines_of(capfd):
    out, err = capfd.readouterr()
    return (out + err).splitlines()


@pytest.fixture
def folder(tmp_path):
    """A copy of the city's log, as a mirror has it."""
    CITY.write(tmp_path / "copy")
    return tmp_path / "copy"


@pytest.fixture
def archive(folder):
    """The same copy as one file."""
    return packed(folder)


def packed(folder):
    made = shutil.make_archive(str(folder.parent / "everything"), "zip", folder.parent, folder.name)
    return Path(made)


def write(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return path


def faults(printed):
    """Return the codes of all printed faults; each is behind its sentence."""
    lines = [line for line in printed if not line.startswith(("note:", "یادآوری:"))]
    return {line.rsplit("[", 1)[1][:-1] for line in lines if line.endswith("]")}


def of_kind(kind):
    return next(one for one in BOOK if one["kind"] == kind)


def with_entry(folder, seq, old, new):
    """Change one entry of the copy, and nothing else."""
    entry = CITY.entries[seq - 1]
    changed = entry.replace(old, new)
    assert len(changed) == len(entry)
    assert changed != entry
    for path in (folder / "tile" / "entries").rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes().replace(entry, changed))


def test_a_copy_is_fine_as_folder_and_as_one_archive(check, folder, archive):
    for path in (folder, archive):
        status, lines = check(path)
        assert (status, faults(lines), lines[-1]) == (0, set(), f"FINE: {TOTAL}")
        status, lines = check(path, "--lang", "fa")
        counts = f"{persian(len(HISTORY))} قرعه، {persian(len(BOOK))} ثبت دفتر"
        assert (status, lines[-1]) == (0, f"درست: {counts}")


def test_the_program_alone_says_the_same_as_its_user_starts_it(folder):
    """All other tests run the standalone program in this process."""
    for words in ([folder, "--lang", "fa"], [folder, folder], ["--no"]):
        ended = subprocess.run(
            [sys.executable, PATH, *map(str, words)],
            check=False,
            env={"PYTHONIOENCODING": "utf-8"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        assert (ended.returncode, ended.stdout) == command(*words)


def test_an_altered_entry_is_named_with_its_number_in_plain_persian(check, folder):
    seq = of_kind("freeze")["seq"]
    root = of_kind("freeze")["body"]["pool_root"].encode()
    with_entry(folder, seq, root, b"0" * 64)
    status, lines = check(packed(folder), "--lang", "fa")
    assert status == 1
    assert {"pool_root_differs", "log_rewritten"} <= faults(lines)
    named = next(line for line in lines if "[pool_root_differs]" in line)
    assert of_kind("freeze")["body"]["draw"] in named
    assert "فهرست" in named
    assert lines[-1].startswith("نادرست:")


def test_an_altered_draw_file_is_named(check, folder):
    path = folder / "draws" / f"{WITH_SEATS['draw']}.json"
    write(path, {**WITH_SEATS, "standby": WITH_SEATS["standby"][::-1]})
    status, lines = check(packed(folder), "--lang", "fa")
    assert status == 1
    assert "standby_differs" in faults(lines)
    assert any(line.startswith(WITH_SEATS["draw"]) for line in lines)


def test_a_note_cut_in_half_is_named(check, folder):
    path = max((folder / "note").iterdir(), key=lambda one: int(one.name))
    path.write_bytes(path.read_bytes()[:-40])
    status, lines = check(packed(folder), "--lang", "fa")
    assert (status, faults(lines)) == (1, {"note_malformed"})


def test_a_note_that_is_listed_and_missing_is_named(check, folder):
    min((folder / "note").iterdir(), key=lambda one: int(one.name)).unlink()
    status, lines = check(folder)
    assert status == 1
    assert "note_malformed" in faults(lines)


@pytest.mark.parametrize("gone", ["checkpoint", "tile/entries"])
def test_a_copy_without_its_parts_is_one_sentence(check, folder, gone):
    path = folder / gone
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    status, lines = check(packed(folder))
    assert (status, len(lines)) == (2, 1)


def test_an_archive_that_was_cut_is_one_sentence(check, archive, tmp_path):
    whole = archive.read_bytes()
    cut = tmp_path / "cut.zip"
    for size in (0, 30, len(whole) // 2, len(whole) - 10):
        cut.write_bytes(whole[:size])
        status, lines = check(cut)
        assert (status, len(lines)) == (2, 1)
        assert "cut off" in lines[0]


def test_an_archive_with_a_damaged_part_is_one_sentence(check, archive, tmp_path):
    data = bytearray(archive.read_bytes())
    with zipfile.ZipFile(archive) as whole:
        at = whole.getinfo("copy/checkpoint").header_offset
    data[at + 60 : at + 70] = b"x" * 10
    broken = tmp_path / "broken.zip"
    broken.write_bytes(bytes(data))
    status, lines = check(broken)
    assert (status, len(lines)) == (2, 1)


def test_a_receipt_stands_in_the_copy_or_is_contradicted(check, folder, tmp_path):
    receipt = tmp_path / "receipt.txt"
    receipt.write_text(CITY.receipt(of_kind("filed")["seq"]), encoding="utf-8")
    assert check(folder, "--receipt", receipt)[0] == 0
    other = honest(4)
    receipt.write_text(other.receipt(of_kind("filed")["seq"]), encoding="utf-8")
    status, lines = check(folder, "--receipt", receipt)
    assert status == 1
    assert faults(lines)
    receipt.write_text("x", encoding="utf-8")
    assert check(folder, "--receipt", receipt)[0] == 2


def test_who_still_names_the_former_options_is_told_what_to_name(archive):
    for words in (("draws", "--log", "log-all.json"), (archive, "--checkpoint", "checkpoint")):
        status, lines = standalone(*words, "--lang", "fa")
        assert (status, len(lines)) == (2, 1)
        assert "everything.zip" in lines[0]


def test_two_copies_at_once_are_one_too_many(check, archive, folder):
    assert check(archive, folder)[0] == 2


def test_a_single_draw_is_checked_without_a_log(check, tmp_path):
    assert check(write(tmp_path / f"{HISTORY[0]['draw']}.json", HISTORY[0]))[0] == 0


def test_a_draw_cut_in_half_is_one_sentence(check, folder):
    path = folder / "draws" / f"{HISTORY[0]['draw']}.json"
    path.write_text(path.read_text(encoding="utf-8")[:500], encoding="utf-8")
    for asked in (path, folder):
        status, lines = check(asked)
        assert (status, len(lines)) == (2, 1)
        assert path.name in lines[0]
        assert "cut off" in lines[0]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"seed": "0" * 64}, "seed"),
        ({"extra": 1}, "extra"),
        ({"district": 1.0}, "district"),
        ({"district": 2**53}, "district"),
        ({"late_value": "\x1b[31m"}, "late_value"),
        ({"\x1b[31m\ud800": 1}, "u001b[31m"),
    ],
)
def test_what_is_wrong_is_named_in_a_sentence_and_steers_no_terminal(
    check, tmp_path, changes, words
):
    path = tmp_path / "draw.json"
    path.write_text(json.dumps({**HISTORY[0], **changes}), encoding="utf-8")
    status, lines = check(path)
    assert status == 1
    assert words in "".join(lines)
    assert "\x1b" not in "".join(lines)


FORGED = "\x1b[2J\rFINE: 22 draws"
"""A name that clears the screen and writes a verdict of its own."""


@pytest.mark.parametrize("name", [f"note/{FORGED}\n", f"{FORGED}/d06-2026-11-30.json"])
def test_no_name_in_a_copy_speaks_for_the_verifier(check, folder, name):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"half of")
    for asked in (folder, packed(folder)):
        status, lines = check(asked)
        assert status
        assert "\x1b" not in "".join(lines)
        assert not any(line.startswith("FINE") for line in lines)


def repacked(archive, tmp_path, *others, way=zipfile.ZIP_DEFLATED):
    """Return the same archive with additional parts."""
    path = tmp_path / "hostile.zip"
    with zipfile.ZipFile(archive) as whole, zipfile.ZipFile(path, "w") as made:
        for part in whole.infolist():
            made.writestr(part, whole.read(part))
        for name, data in others:
            made.writestr(name, data, compress_type=way)
    return path


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_no_copy(check, archive, tmp_path):
    """A person who unpacks it by hand would get the other part."""
    with zipfile.ZipFile(archive) as whole:
        last = "copy/checkpoint", whole.read("copy/checkpoint")
    assert check(repacked(archive, tmp_path, last))[0] == 2


def test_a_draw_that_is_there_twice_is_no_copy(check, folder):
    """A forger could hide the right list, and put another one where everybody looks."""
    shown = folder / "draws" / f"{WITH_SEATS['draw']}.json"
    other = next(file for file in HISTORY if len(file["pool"]) > 2 and file != WITH_SEATS)
    (folder / "z").mkdir()
    shown.rename(folder / "z" / shown.name)
    write(shown, renamed(other, WITH_SEATS["draw"]))
    for asked in (folder, packed(folder)):
        status, lines = check(asked)
        assert (status, len(lines)) == (2, 1)
    shutil.rmtree(folder / "z")
    status, lines = check(folder)
    assert (status, faults(lines) >= {"file_differs"}) == (1, True)


def renamed(file, draw):
    """Return the list of another draw under this one's name, correct in itself."""
    opened = {key: file[key] for key in OPEN_KEYS} | {"draw": draw, "district": int(draw[1:3])}
    return frozen_file(opened, [Row.from_body(row) for row in file["pool"]])


def test_two_logs_side_by_side_are_no_copy(check, folder, tmp_path):
    """Of two logs at the same depth, readers may choose different ones."""
    both = tmp_path / "both"
    for name in ("a", "b"):
        shutil.copytree(folder, both / name)
    status, lines = check(both)
    assert (status, len(lines)) == (2, 1)
    (both / "b").rename(both / "deeper")
    assert check(both)[0] == 2, "each of its draws is there twice"
    shutil.rmtree(both / "deeper" / "draws")
    assert check(both)[0] == 0


def test_a_part_without_a_name_is_passed_over(check, archive, tmp_path):
    path = repacked(archive, tmp_path, ("?nobody", b"nothing"))
    path.write_bytes(path.read_bytes().replace(b"?nobody", b"\0nobody"))
    assert check(path)[0] == 0


def test_a_part_packed_another_way_is_one_sentence(check, archive, tmp_path):
    """A broken part raises a different error for each way of packing."""
    way = zipfile.ZIP_LZMA
    path = repacked(archive, tmp_path, ("copy/note/7", b"some words" * 9), way=way)
    data = bytearray(path.read_bytes())
    at = data.rindex(b"copy/note/7", 0, data.index(b"PK\1\2")) + len("copy/note/7")
    data[at + 4 : at + 9] = b"\xff" * 5
    path.write_bytes(data)
    status, lines = check(path)
    assert (status, len(lines)) == (2, 1)


@pytest.mark.parametrize("is_packed", [True, False])
def test_a_part_larger_than_any_memory_is_one_sentence(check, archive, tmp_path, is_packed):
    data = bytes(LARGEST + 1)
    part = ("copy/note/7", gzip.compress(data, 1) if is_packed else data)
    status, lines = check(repacked(archive, tmp_path, part))
    assert (status, len(lines)) == (2, 1)


def test_a_key_that_is_there_twice_is_not_fine(check, tmp_path):
    """A person who reads the file herself sees the first value."""
    path = write(tmp_path / "draw.json", WITH_SEATS)
    text = path.read_text(encoding="utf-8")
    twice = text.replace('{"draw"', '{"seated": [], "draw"', 1)
    assert twice != text
    path.write_text(twice, encoding="utf-8")
    assert check(path)[0] == 1


def test_lists_in_lists_are_said_and_crash_nothing(check, tmp_path):
    rules = {**WITH_SEATS["rules"], "more": None}
    path = write(tmp_path / "draw.json", {**WITH_SEATS, "rules": rules})
    text = path.read_text(encoding="utf-8")
    for deep in (150, 460, 900):
        path.write_text(text.replace("null", "[" * deep + "]" * deep, 1), encoding="utf-8")
        status, lines = check(path)
        assert status in {1, 2}
        assert "Traceback" not in "".join(lines)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[" * 100_000, b"{'a': 1}"])
def test_what_is_no_json_is_one_sentence(check, tmp_path, content):
    path = tmp_path / "draw.json"
    path.write_bytes(content)
    status, lines = check(path)
    assert (status, len(lines)) == (2, 1)


def test_a_file_that_is_not_there_is_one_sentence(check, tmp_path):
    status, lines = check(tmp_path / "draw.json")
    assert (status, len(lines)) == (2, 1)


def test_a_ticket_is_told_where_it_stands(check, folder):
    for ticket, words in (
        (WITH_SEATS["seated"][1]["ticket"], f"a seat at {WITH_SEATS['seated'][1]['time']}"),
        (WITH_SEATS["standby"][2], "number 3 of the standby"),
    ):
        status, lines = check(folder, "--ticket", ticket)
        assert status == 0
        assert words in "\n".join(lines)
    assert check(folder, "--ticket", "0" * 64)[0] == 1


def test_a_list_without_its_draw_names_the_ticket_too(product, tmp_path):
    frozen = write(tmp_path / "draw.json", {key: WITH_SEATS[key] for key in FROZEN_KEYS})
    status, lines = product(frozen, "--ticket", WITH_SEATS["pool"][0]["ticket"])
    assert status == 0
    assert "in the list, not drawn yet" in "\n".join(lines)


def test_every_finding_has_its_sentence():
    assert set(FINDING) == set(FindingCode)
    assert all(sentence.format(place="x") for sentence in FINDING.values())


def test_a_log_that_no_witness_was_asked_about_is_neither_fine_nor_wrong(check, tmp_path):
    alone().write(tmp_path)
    status, lines = check(tmp_path)
    assert status == 3
    assert lines[-1].startswith("NO WITNESS:")
    assert any(line.endswith("[unwitnessed]") for line in lines)
