"""A process killed while it stores a photo loses nothing acknowledged and doubles nothing."""

import io
import os
import signal
from pathlib import Path

import pytest
from PIL import Image
from support.citizens import own_visit
from support.city import City
from support.clock import FixedClock
from support.dying_upload import A_FILE, AFTER_COMMIT, HALF_A_FILE, NEVER, POINTS
from support.files import folder_of
from support.forks import Forks
from support.swept import may_be_swept

from publicmeeting.application import Application
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.worker.cleanup import Cleanup

pytestmark = pytest.mark.on_postgresql

VISIT = "somebody's browser"


def a_picture(folder: Path, colour: str) -> Path:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(out, "JPEG")
    path = folder / f"{colour}.jpg"
    path.write_bytes(out.getvalue())
    return path


def send(
    forks: Forks, application: Application, *pictures: Path, point: str = NEVER
) -> tuple[int, list[list[str]]]:
    """Send pictures; return the exit code, and status and id of each answer."""
    url = application.store.engine.url.render_as_string(hide_password=False)
    arguments = [url, str(folder_of(application.files.images)), VISIT, point, *map(str, pictures)]
    ended = forks.run("support.dying_upload", *arguments)
    assert ended.errors == ""
    return ended.code, [line.split() for line in ended.out.splitlines()]


def rows(application: Application) -> dict[str, set[str]]:
    """Return the files that each picture of the draft names."""
    with application.store.unit_of_work(application.clock()) as uow:
        draft = uow.drafts.ensure(uow.sessions.actor(Keys(visit=own_visit(application, VISIT))))
        return {
            image.id: {image.web, image.thumb, str(uow.images.original(image.id))}
            for image in uow.images.of_draft(draft)
        }


def on_disk(application: Application) -> list[Path]:
    """Return every file, incomplete ones included."""
    folders = map(folder_of, application.files.all)
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("point", POINTS[1:])
def test_a_kill_loses_nothing_acknowledged_and_doubles_nothing(
    forks: Forks,
    application: Application,
    city: City,
    clock: FixedClock,
    tmp_path: Path,
    point: str,
) -> None:
    del city
    may_be_swept(application)
    red, blue = (a_picture(tmp_path, colour) for colour in ("red", "blue"))
    ended, ((status, first), *more) = send(forks, application, red, blue, point=point)
    assert (ended, status, more) == (-signal.SIGKILL, "201", [])
    there = rows(application)
    assert first in there
    assert len(there) == (2 if point == AFTER_COMMIT else 1)
    half = [path for path in on_disk(application) if path.name.startswith(".part-")]
    assert bool(half) == (point == HALF_A_FILE)
    left = len(on_disk(application)) - 3
    assert left == {HALF_A_FILE: 1, A_FILE: 1}.get(point, 3), "what was on its way"

    # A day later the sweep deletes files that no row names, and nothing else.
    for path in on_disk(application):
        os.utime(path, (0, 0))
    Cleanup(application, "the next process").sweep()
    assert set(application.images.names()) | set(application.originals.names()) == set.union(
        *there.values()
    )
    assert len(on_disk(application)) == 3 * len(there)

    ended, ((status, second), again) = send(forks, application, blue, blue)
    assert (ended, status, again) == (0, "201", ["201", second])
    there = rows(application)
    assert sorted(there) == sorted((first, second))
    for names in there.values():
        assert sum(application.images.exists(name) for name in names) == 2
        assert sum(application.originals.exists(name) for name in names) == 1
