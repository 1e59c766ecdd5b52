"""The draw command: samples that can be made again."""

import pytest

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
