"""The commands that check published files: the product's own and the one anybody may download."""

import json
import subprocess
import sys

import pytest
from contract.project_files import PROJECT
from histories import published_history

from publicmeeting.cli.app import main
from publicmeeting.cli.commands.verify import _SENTENCES
from publicmeeting.kit.digits import persian
from publicmeeting.kit.hashing import sha
from publicmeeting.text.public_record.verify_text import FINDING
from publicmeeting.turns.finding import FindingCode

HISTORY, BOOK = published_history()
DISTRICT_6, DISTRICT_15 = (
    [file for file in HISTORY if file["district"] == number] for number in (6, 15)
)


@pytest.fixture(params=["product", "standalone"])
def check(request, capfd):
    """Run one verifier as a person would; give its exit code and all it said."""

    def ran(*arguments):
        words = [str(argument) for argument in arguments]
        if request.param == "product":
            status = main(["verify", *words])
        else:
            script = [sys.executable, PROJECT / "assets" / "verify_draw.py"]
            status = subprocess.run([*script, *words], check=False).returncode
        out, err = capfd.readouterr()
        return status, (out + err).splitlines()

    return ran


@pytest.fixture
def folder(tmp_path):
    """The history as downloaded: one file a draw, the log in two pages whose names do not sort."""
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


def test_a_folder_with_its_log_is_fine(check, folder):
    status, said = check(folder)
    assert status == 0
    (verdict,) = said
    assert "FINE" in verdict
    assert "10 files" in verdict
    assert f"{len(BOOK)} log entries" in verdict


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


def test_a_log_without_entries_knows_no_draw(check, tmp_path):
    log = write(tmp_path / "log.json", [])
    status, said = check(write(tmp_path / "draw.json", HISTORY[0]), "--log", log)
    assert status == 1
    assert any("knows no such draw" in line for line in said)


def test_a_single_file_is_checked_without_a_log(check, folder):
    assert check(folder / f"{HISTORY[0]['draw']}.json")[0] == 0


def test_a_log_may_lie_elsewhere(check, folder, tmp_path_factory):
    log = write(tmp_path_factory.mktemp("log") / "all.json", BOOK)
    file = folder / f"{HISTORY[0]['draw']}.json"
    status, said = check(file, "--log", log)
    assert status == 0
    # What the missing files added to the weeks is told, and is no fault.
    assert all(HISTORY[0]["draw"] not in line for line in said)
    assert any(HISTORY[2]["draw"] in line for line in said)


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


def test_a_log_with_a_gap_is_one_sentence(check, tmp_path):
    publish(tmp_path, HISTORY, BOOK[:40] + BOOK[41:])
    status, (sentence, verdict) = check(tmp_path)
    assert status == 1
    assert "gap" in sentence
    assert "42" in sentence
    assert "WRONG" in verdict


def test_a_receipt_of_another_district_is_one_sentence(check, tmp_path):
    publish(tmp_path, DISTRICT_6, [])
    status, (sentence, _) = check(tmp_path, "--ticket", sha("person", "20"))
    assert status == 1
    assert "another district?" in sentence


def test_with_the_log_the_district_of_a_receipt_is_named(check, tmp_path):
    publish(tmp_path, DISTRICT_6, BOOK)
    status, said = check(tmp_path, "--ticket", sha("person", "20"))
    assert status == 1
    assert any("is of district 15" in line for line in said)


def test_a_receipt_is_told_where_it_stands(check, tmp_path):
    publish(tmp_path, DISTRICT_6, BOOK)
    drawn = DISTRICT_6[0]
    for ticket, words in (
        (drawn["seated"][1]["ticket"], f"a seat at {drawn['seated'][1]['time']}"),
        (drawn["standby"][2], "number 3 of the standby"),
        (DISTRICT_6[3]["pool"][0]["ticket"], "in the list, not drawn yet"),
    ):
        status, said = check(tmp_path, "--ticket", ticket)
        assert status == 0
        assert words in "\n".join(said)


def test_the_one_to_download_names_row_weeks_and_order_in_both_languages(tmp_path):
    path = write(tmp_path / "draw.json", DISTRICT_6[0])
    pool, seat, (next_, *_) = (DISTRICT_6[0][key] for key in ("pool", "seated", "standby"))
    ticket, draw = seat[1]["ticket"], DISTRICT_6[0]["draw"]
    row = [one["ticket"] for one in pool].index(ticket) + 1
    in_english, in_persian = (
        downloaded(path, "--ticket", ticket, "--lang", lang) for lang in ("en", "fa")
    )
    assert in_english[:2] == [
        f"{draw}: row {row} of {len(pool)}, waited 0 weeks;",
        f"{draw}: number 2 in the draw's order, a seat at {seat[1]['time']}",
    ]
    assert in_persian[:2] == [
        f"{draw}: ردیف {persian(row)} از {persian(len(pool))}، با ۰ هفته انتظار؛",
        f"{draw}: نفر ۲ به ترتیب قرعه، نوبت ساعت {persian(seat[1]['time'])}",
    ]
    assert "نفر ۱ فهرست ذخیره" in downloaded(path, "--ticket", next_.upper(), "--lang", "fa")[1]
    frozen = write(tmp_path / "frozen.json", DISTRICT_6[3])
    waiting = DISTRICT_6[3]["pool"][0]["ticket"]
    assert "هنوز قرعه نشده" in downloaded(frozen, "--ticket", waiting, "--lang", "fa")[1]
    log = write(tmp_path / "log.json", BOOK)
    words = (path, "--log", log, "--ticket", sha("person", "20"), "--lang", "fa")
    assert any("از منطقهٔ ۱۵ است" in line for line in downloaded(*words))


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


def test_what_is_told_in_persian_has_persian_digits(tmp_path):
    publish(tmp_path, DISTRICT_6, BOOK[:40] + BOOK[41:])
    gap, verdict = downloaded(tmp_path, "--lang", "fa")
    assert gap == "log: دفتر در ثبت ۴۲ پیوسته نیست."
    assert "نادرست" in verdict
    assert f"{persian(len(DISTRICT_6))} پرونده، {persian(len(BOOK) - 1)} ثبت دفتر" in verdict
