"""The draw command: samples and figures that can be made again."""

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


@pytest.mark.parametrize("count", ["-1", "1.5", "many", "۵"])
def test_what_is_no_count_is_an_error_of_use(tmp_path, count, capsys):
    with pytest.raises(SystemExit) as end:
        main(["draw", "sample", "--rows", count, "--out", str(tmp_path / "draw.json")])
    assert end.value.code == 2
    assert "whole number" in capsys.readouterr().err


def test_the_picture_that_is_shown_is_the_one_of_the_default_figures(tmp_path, capsys):
    out = tmp_path / "waits.svg"
    assert main(["draw", "simulate", "--svg", str(out)]) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split()[:7] == ["weeks", "of", "waiting", "p50", "p90", "p99", "worst"]
    assert [row.split()[0] for row in rows] == ["fcfs", "lottery", "line"]
    assert out.read_bytes() == (PROJECT / "assets" / "waits.svg").read_bytes()


def test_one_rule_alone_gives_the_figures_it_has_beside_the_others(capsys):
    size = ["--weeks", "4", "--demand", "5", "--seats", "4", "--seed", "azar"]
    assert main(["draw", "simulate", *size]) == 0
    beside = capsys.readouterr().out.splitlines()
    assert main(["draw", "simulate", *size, "--rule", "line"]) == 0
    assert capsys.readouterr().out.splitlines() == [beside[0], beside[3]]


def test_no_requests_at_all_are_no_error(tmp_path):
    out = tmp_path / "waits.svg"
    assert main(["draw", "simulate", "--weeks", "0", "--svg", str(out)]) == 0
    assert "<svg" in out.read_text(encoding="utf-8")


def test_a_simulation_of_more_seats_than_minutes_is_refused(capsys):
    assert main(["draw", "simulate", "--seats", "901"]) == 1
    assert capsys.readouterr().err == "A day has room for 900 seats.\n"
