"""The commands that check published files: the product's own and the one anybody may download."""

import json
import subprocess
import sys

import pytest
from contract.project_files import PROJECT
from small_city import honest

from publicmeeting.cli.app import main
from publicmeeting.cli.commands.verify import _SENTENCES
from publicmeeting.kit.digits import persian
from publicmeeting.text.public_record.verify_text import FINDING
from publicmeeting.turns.draw_file import FROZEN_KEYS
from publicmeeting.turns.finding import FindingCode

CITY = honest(3)
BOOK, HISTORY = CITY.decoded(), list(CITY.files.values())
HERE, THERE = sorted({file["district"] for file in HISTORY})[:2]
FILES = [file for file in HISTORY if file["district"] == HERE]
WITH_SEATS = next(file for file in FILES if len(file["seated"]) > 1 and len(file["standby"]) > 2)
STRANGER = next(
    one["body"]["ticket"]
    for one in BOOK
    if one["kind"] == "filed" and one["body"]["district"] == THERE
)


@pytest.fixture(params=["product", "standalone"])
def check(request, product, capfd):
    """Run one verifier as a person would; give its exit code and all it said."""
    return product if request.param == "product" else lambda *words: standalone(capfd, *words)


@pytest.fixture
def product(capfd):
    def ran(*words):
        return main(["verify", *map(str, words)]), said(capfd)

    return ran


def standalone(capfd, *words):
    script = [sys.executable, PROJECT / "assets" / "verify_draw.py"]
    status = subprocess.run([*script, *map(str, words)], check=False).returncode
    return status, said(capfd)


def said(capfd):
    out, err = capfd.readouterr()
    return (out + err).splitlines()


@pytest.fixture
def folder(tmp_path):
    """A city as downloaded: one file a draw, the log in two pages whose names do not sort."""
    publish(tmp_path, HISTORY, BOOK)
    return tmp_path


def publish(folder, files, log):
    for file in files:
        write(folder / f"{file['draw']}.json", file)
    if log:
        write(folder / "log-9.json", log[:30])
        write(folder / "log-10.json", log[30:])


def write(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return path


def test_a_folder_with_its_log_is_fine(product, folder):
    status, told = product(folder)
    assert (status, told) == (0, [f"FINE: {len(HISTORY)} files, {len(BOOK)} log entries"])


def test_a_log_that_began_as_it_was_signed_is_fine(product, folder):
    note = folder / "checkpoint"
    note.write_text(CITY.note_text(CITY.notes[-1]), encoding="utf-8")
    assert product(folder, "--checkpoint", note)[0] == 0
    note.write_text(honest(4).note_text(honest(4).notes[3]), encoding="utf-8")
    status, told = product(folder, "--checkpoint", note)
    assert (status, told[0]) == (1, "log: the log is not the one that was signed.")


def test_a_break_is_named_with_its_draw_its_entry_and_its_ticket(product, folder):
    drawn, seq = next((one["body"], one["seq"]) for one in BOOK if one["kind"] == "draw")
    changed = [
        *BOOK[: seq - 1],
        {**BOOK[seq - 1], "body": {**drawn, "seed": "0" * 64}},
        *BOOK[seq:],
    ]
    publish(folder, [], changed)
    status, told = product(folder)
    assert (status, told[0]) == (1, f"{drawn['draw']}: seed differs, entry {seq}")
    ticket = WITH_SEATS["pool"][0]["ticket"]
    filed = next(one for one in BOOK if one["body"].get("ticket") == ticket)
    other = {**filed, "body": {**filed["body"], "district": 99}}
    publish(folder, [], [*BOOK[: filed["seq"] - 1], other, *BOOK[filed["seq"] :]])
    _, told = product(folder)
    assert any(line.endswith(f", ticket {ticket}") and "let in" in line for line in told)


@pytest.mark.parametrize(
    "more",
    [{"entries": []}, {"entries": BOOK}, {"draw": "d06-1405-09-16", "entries": []}],
)
def test_nothing_hides_a_draw_behind_what_looks_like_a_log(check, tmp_path, more):
    path = write(tmp_path / "draw.json", {**HISTORY[0], "seed": "0" * 64, **more})
    status, said = check(path)
    assert status == 1
    assert any("entries" in line for line in said)


def test_with_nothing_to_check_nothing_is_called_fine(check, tmp_path):
    assert check(tmp_path)[0] == 2
    assert check(write(tmp_path / "log.json", []))[0] == 2


def test_a_log_without_entries_knows_no_draw(product, tmp_path):
    log = write(tmp_path / "log.json", [])
    status, told = product(write(tmp_path / "draw.json", HISTORY[0]), "--log", log)
    assert (status, told[0]) == (1, f"{HISTORY[0]['draw']}: file differs")


def test_a_single_file_is_checked_without_a_log(check, folder):
    assert check(folder / f"{HISTORY[0]['draw']}.json")[0] == 0


def test_a_log_may_lie_elsewhere_and_is_audited_without_the_other_files(product, folder, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    log = write(elsewhere / "all.json", BOOK)
    status, told = product(folder / f"{HISTORY[0]['draw']}.json", "--log", log)
    assert (status, told) == (0, [f"FINE: 1 files, {len(BOOK)} log entries"])


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
    status, said = check(path)
    assert status == 1
    assert words in said[0]
    assert "\x1b" not in "".join(said)


def test_a_file_cut_in_half_is_one_sentence(check, folder):
    path = folder / f"{HISTORY[0]['draw']}.json"
    path.write_text(path.read_text(encoding="utf-8")[:500], encoding="utf-8")
    status, said = check(folder)
    assert status == 2
    (sentence,) = said
    assert path.name in sentence
    assert "cut off" in sentence


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[" * 100_000, b"{'a': 1}"])
def test_what_is_no_json_is_one_sentence(check, tmp_path, content):
    path = tmp_path / "draw.json"
    path.write_bytes(content)
    status, said = check(path)
    assert (status, len(said)) == (2, 1)


def test_a_file_that_is_not_there_is_one_sentence(check, tmp_path):
    status, said = check(tmp_path / "draw.json")
    assert (status, len(said)) == (2, 1)


def test_a_log_with_a_gap_is_one_sentence(product, tmp_path):
    publish(tmp_path, HISTORY, BOOK[:40] + BOOK[41:])
    status, (sentence, verdict) = product(tmp_path)
    assert status == 1
    assert "gap" in sentence
    assert "42" in sentence
    assert "WRONG" in verdict


def test_a_receipt_of_another_district_is_one_sentence(check, tmp_path):
    publish(tmp_path, FILES, [])
    status, (sentence, _) = check(tmp_path, "--ticket", STRANGER)
    assert status == 1
    assert "another district?" in sentence


def test_with_the_log_the_district_of_a_receipt_is_named(product, tmp_path):
    publish(tmp_path, FILES, BOOK)
    status, told = product(tmp_path, "--ticket", STRANGER)
    assert status == 1
    assert any(f"is of district {THERE}" in line for line in told)


def test_a_receipt_is_told_where_it_stands(check, tmp_path):
    write(tmp_path / "drawn.json", WITH_SEATS)
    frozen = {key: WITH_SEATS[key] for key in FROZEN_KEYS}
    for file, ticket, words in (
        (
            WITH_SEATS,
            WITH_SEATS["seated"][1]["ticket"],
            f"a seat at {WITH_SEATS['seated'][1]['time']}",
        ),
        (WITH_SEATS, WITH_SEATS["standby"][2], "number 3 of the standby"),
        (frozen, WITH_SEATS["pool"][0]["ticket"], "in the list, not drawn yet"),
    ):
        status, told = check(write(tmp_path / "draw.json", file), "--ticket", ticket)
        assert status == 0
        assert words in "\n".join(told)


def test_the_one_to_download_names_row_weeks_and_order_in_both_languages(tmp_path):
    path = write(tmp_path / "draw.json", WITH_SEATS)
    pool, seat, (next_, *_) = (WITH_SEATS[key] for key in ("pool", "seated", "standby"))
    ticket, draw = seat[1]["ticket"], WITH_SEATS["draw"]
    row = [one["ticket"] for one in pool].index(ticket) + 1
    waited = pool[row - 1]["waited"]
    in_english, in_persian = (
        downloaded(path, "--ticket", ticket, "--lang", lang) for lang in ("en", "fa")
    )
    assert in_english[:2] == [
        f"{draw}: row {row} of {len(pool)}, waited {waited} weeks;",
        f"{draw}: number 2 in the draw's order, a seat at {seat[1]['time']}",
    ]
    assert in_persian[:2] == [
        f"{draw}: ردیف {persian(row)} از {persian(len(pool))}، با {persian(waited)} هفته انتظار؛",
        f"{draw}: نفر ۲ به ترتیب قرعه، نوبت ساعت {persian(seat[1]['time'])}",
    ]
    assert "نفر ۱ فهرست ذخیره" in downloaded(path, "--ticket", next_.upper(), "--lang", "fa")[1]
    frozen = write(tmp_path / "frozen.json", {key: WITH_SEATS[key] for key in FROZEN_KEYS})
    assert "هنوز قرعه نشده" in downloaded(frozen, "--ticket", next_, "--lang", "fa")[1]


def downloaded(*words):
    """What the downloaded program prints."""
    script = [sys.executable, str(PROJECT / "assets" / "verify_draw.py"), *map(str, words)]
    done = subprocess.run(
        script,
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={"PYTHONIOENCODING": "utf-8"},
    )
    return done.stdout.splitlines()


def test_a_persian_reader_is_answered_in_persian(tmp_path):
    path = write(tmp_path / "draw.json", {**HISTORY[0], "seed": "0" * 64})
    script = [sys.executable, str(PROJECT / "assets" / "verify_draw.py")]
    done = subprocess.run(
        [*script, str(path), "--lang", "fa"], capture_output=True, encoding="utf-8", check=False
    )
    assert "به دست نمی‌آید" in done.stdout
    assert "نادرست" in done.stdout


@pytest.mark.parametrize("sentences", [_SENTENCES, FINDING], ids=["command", "pages"])
def test_every_finding_has_its_sentence(sentences):
    assert set(sentences) == set(FindingCode)
    assert all(sentence.format(place="x") for sentence in sentences.values())
