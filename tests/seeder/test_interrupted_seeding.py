"""The seeded city of journeys and benches, when the run that was making it is killed."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from support import served_city


def test_a_seeding_that_outlives_its_run_is_in_nobodys_way(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(served_city, "PROJECT", tmp_path)
    monkeypatch.setattr(served_city, "CITIES", tmp_path / "artifacts" / "cities")
    (tmp_path / "artifacts").mkdir()
    begun: list[Path] = []

    @contextmanager
    def child(_module: str, environment: Mapping[str, str]) -> Iterator[SimpleNamespace]:
        begun.append(Path(environment["PUBLICMEETING_DATA"]))
        if len(begun) == 1:
            raise KeyboardInterrupt
        yield SimpleNamespace(wait=lambda: 0)

    remove = shutil.rmtree

    def remove_and_written_again(path: Path, *, ignore_errors: bool) -> None:
        remove(path, ignore_errors=ignore_errors)
        for folder in begun:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "written by the first").touch()

    monkeypatch.setattr(served_city, "child", child)
    monkeypatch.setattr(shutil, "rmtree", remove_and_written_again)
    with pytest.raises(KeyboardInterrupt):
        served_city.seeded_city()
    assert list(served_city.seeded_city().iterdir()) == []
