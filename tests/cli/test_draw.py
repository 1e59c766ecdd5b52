"""The `draw` command: samples and figures are reproducible."""

import errno
import resource

import pytest
from contract.project_files import PROJECT

from publicmeeting.cli.app import main


def test_a_sample_is_written_verified_and_made_again_by_its_word(tmp_path, capsys):
    paths = [tmp_path / f"{name}.json" for name in "ab"]
    for path in paths:
        size = ["--rows", "40", "--seats", "5", "--seed", "azar"]
        assert main(["draw", "sample", *size, "--out", str(path)]) == 0
    assert "40 rows, 5 seats given" in capsys.readouterr().out
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert main(["verify", str(paths[0])]) == 0


def test_more_seats_than_minutes_are_refused_in_one_sentence(tmp_path, capsys):
    out = tmp_path / "draw.json"
    assert main(["draw", "sample", "--seats", "901", "--out", str(out)]) == 1
    assert capsys.readouterr().err == "A day has room for 900 seats.\n"
    assert not out.exists()


@pytest.mark.parametrize("count", ["-1", "۵"])
def test_what_is_no_count_is_an_error_of_use(tmp_path, count, capsys):
    with pytest.raises(SystemExit) as end:
        main(["draw", "sample", "--rows", count, "--out", str(tmp_path / "draw.json")])
    assert end.value.code == 2
    assert "whole number" in capsys.readouterr().err


PICTURE = ["--weeks", "104", "--demand", "12"]
SMALL = ["--seats", "4", "--seed", "azar"]


def test_the_picture_that_is_shown_is_the_one_of_its_command(tmp_path, capsys):
    out = tmp_path / "waits.svg"
    assert main(["draw", "simulate", *PICTURE, "--svg", str(out)]) == 0
    head, size, *rows, _, _ = capsys.readouterr().out.splitlines()
    assert head.split()[:6] == ["p50", "p90", "p99", "worst", "requests", "still"]
    assert size == "12 requests a week for 12 seats"
    assert [row.split()[:3] for row in rows] == [
        ["104", "weeks", rule] for rule in ("fcfs", "lottery", "line")
    ]
    assert out.read_bytes() == (PROJECT / "assets" / "waits.svg").read_bytes()


def test_every_size_is_told_and_seats_are_asked_for_where_no_rule_helps(capsys):
    size = ["--weeks", "8", "4", "--demand", "3", "4", "5", *SMALL]
    assert main(["draw", "simulate", *size]) == 0
    output = capsys.readouterr().out
    lines = [line for line in output.splitlines() if " weeks  " in line]
    assert [line.split()[0] for line in lines] == (["4"] * 3 + ["8"] * 3) * 3
    below, above = output.split("5 requests a week")
    assert "add seats" in above
    assert "add seats" not in below


def test_a_full_disk_leaves_no_part_of_a_file(tmp_path, monkeypatch, capsys):
    """The soft limit of a file's size stands for the disk."""
    out = tmp_path / "draw.json"
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    monkeypatch.setattr(errno, "ENOSPC", errno.EFBIG)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        assert main(["draw", "sample", "--rows", "40", "--out", str(out)]) == 1
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert "make room" in capsys.readouterr().err
    assert not out.exists()


def test_no_requests_at_all_are_no_error(tmp_path):
    out = tmp_path / "waits.svg"
    assert main(["draw", "simulate", "--weeks", "0", "--demand", "4", "--svg", str(out)]) == 0
    assert "<svg" in out.read_text(encoding="utf-8")
    assert main(["draw", "broker", "--weeks", "0", "--persons", "0"]) == 0


def test_what_a_broker_holds_is_told_of_hired_and_paper_persons_under_every_rule(capsys):
    size = ["--weeks", "4", "--demand", "4", "--persons", "1", "2", *SMALL]
    assert main(["draw", "broker", *size]) == 0
    head, _, *rows = capsys.readouterr().out.splitlines()
    assert head == "4 requests a week for 4 seats, 4 weeks"
    lines = [row.split()[:4] for row in rows if row.startswith("line ")]
    assert [row[1:3] for row in lines[1:]] == [
        [weekly, kind] for kind in ("hired", "paper") for weekly in ("1", "2")
    ]
    assert lines[0][1:3] == ["none", "-"]
    assert all(0 < int(row[3]) < 100 for row in lines[1:])
