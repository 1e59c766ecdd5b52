"""`serve` only starts what is ready, and says what is not; it builds and migrates nothing."""

import pytest

from publicmeeting.cli.commands import serve
from publicmeeting.cli.prepare import update
from publicmeeting.cli.stop import StopError
from publicmeeting.config import Settings


@pytest.fixture
def settings(tmp_path):
    environ = {"PUBLICMEETING_DATA": str(tmp_path / "data"), "PUBLICMEETING_SECRET": "ab" * 32}
    return Settings.from_environment(environ)


def test_pages_of_another_source_are_refused(settings, monkeypatch):
    monkeypatch.setattr(serve, "are_built", lambda _env: False)
    with pytest.raises(StopError, match="unpack a whole release"):
        serve.refuse_unready(settings)


def test_old_tables_and_another_key_are_refused_and_nothing_is_made(settings, monkeypatch):
    monkeypatch.setattr(serve, "are_built", lambda _env: True)
    with pytest.raises(StopError, match="run the migrate command first"):
        serve.refuse_unready(settings)
    update(settings)
    serve.refuse_unready(settings)
    other = {"PUBLICMEETING_DATA": str(settings.data_dir), "PUBLICMEETING_SECRET": "cd" * 32}
    with pytest.raises(StopError, match="not the one this database was sealed with"):
        serve.refuse_unready(Settings.from_environment(other))
