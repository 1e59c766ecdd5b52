"""A city with its files in a bucket: photos come and go, and an outage is reported."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from browsers import Browser, Browsers, compose
from support.city import City
from support.outages import no_room_in
from support.stores import emptied
from test_photos import picture

from publicmeeting.application import Application
from publicmeeting.config import S3, Settings
from publicmeeting.media.files import BucketStore, Files


@pytest.fixture
def on_a_bucket(application: Application, city: City, rclone_store: S3) -> Application:
    """The application of the city, with its files in a bucket."""
    keep(application, Files(emptied(rclone_store), application.store.vault))
    return application


def keep(application: Application, files: Files) -> None:
    application.files, application.images, application.originals = (
        files,
        files.images,
        files.originals,
    )


def test_a_photo_lies_in_the_bucket_and_is_shown_from_there(
    browser: Browser, on_a_bucket: Application, tmp_path: Path
) -> None:
    sent = browser.send(picture())
    assert sent.status_code == 201
    assert browser.get(sent.json()["thumb"]).status_code == 200
    assert browser.get(sent.json()["full"]).status_code == 200
    assert (len(on_a_bucket.images.names()), len(on_a_bucket.originals.names())) == (2, 1)
    assert not [path for path in (tmp_path / "images").rglob("*") if path.is_file()]


def test_a_bucket_that_is_gone_is_said_and_taken_up_again(
    browser: Browser, browsers: Browsers, on_a_bucket: Application, rclone_store: S3
) -> None:
    sent = browser.send(picture()).json()
    shown = sent["full"]
    reached = on_a_bucket.files
    fields = {name: getattr(rclone_store, name) for name in rclone_store.__dataclass_fields__}
    gone = BucketStore(S3(**{**fields, "endpoint": "http://127.0.0.1:9"}), hurried=True)
    keep(on_a_bucket, Files(gone, on_a_bucket.store.vault))
    answer = browser.get(shown, Accept="text/html")
    assert answer.status_code == 503
    assert "fa" in answer.text
    refused = browser.send(picture(colour="red"))
    assert refused.status_code == 503
    assert refused.json()["error"]
    again = browser.send(picture())
    assert (again.status_code, again.json()) == (201, sent), "its first answer was lost"
    keep(on_a_bucket, reached)
    assert browser.get(shown).status_code == 200
    assert browser.send(picture(colour="red")).status_code == 201


def test_a_bucket_that_takes_no_photo_is_named_until_there_is_room(
    on_a_bucket: Application, settings: Settings, built: Path, rclone_store: S3
) -> None:
    """It answers, so `/health` was well while every photo was refused."""
    here = replace(settings, s3=rclone_store)
    with closing(Browser(compose(on_a_bucket, here, built), here)) as browser:
        browser.get("/")

        def files() -> str:
            assert browser.get("/ready").status_code == 200
            return str(browser.get("/health").json()["files"])

        assert files() == "ok"
        with no_room_in("rclone"):
            assert browser.send(picture()).status_code == 503
            assert files() == files() == "fault"
        assert files() == "ok", "it tries by itself, without another photo"
