"""Change of the master key: everything opens with the new one, even after a killed process."""

import hashlib
import signal
from argparse import Namespace
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import SQLModel
from support.city import KEY
from support.files import files_in, path_of
from support.forks import Forks
from support.orders import issue_undrawn
from support.walk import WalkedCase

from publicmeeting.application import Application
from publicmeeting.cli.commands import doctor
from publicmeeting.cli.commands import rekey as rekey_command
from publicmeeting.cli.commands.rekey import change_key
from publicmeeting.cli.prepare import update
from publicmeeting.cli.stop import StopError
from publicmeeting.config import Settings, SettingsError, master_key
from publicmeeting.domain.officials.audit import AccountEventKind
from publicmeeting.domain.officials.typed_forms import TypedForm
from publicmeeting.domain.people import Door
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import Stage
from publicmeeting.media.files import Files, FolderStore
from publicmeeting.store.accounts.factors import Passkey
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.store.database.rows.cases import MarkRow
from publicmeeting.store.database.rows.city import SecretRow
from publicmeeting.store.database.rows.doors import SsoAttemptRow
from publicmeeting.store.database.vault import WrongKey
from publicmeeting.store.lifecycle.delays import Delay
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.store.orders.papers import FORM
from publicmeeting.store.rekey import SEALED, check_key, is_right_key
from publicmeeting.store.unit_of_work import Store, UnitOfWork
from publicmeeting.usecases.meetings.room import FinishMeeting, finish_meeting
from publicmeeting.usecases.orders.order_checks import IssueOrders

NEW = b"n" * 32
PHOTOS = [b"first photograph", b"second photograph", b"third photograph"]
MOBILE, PIN, SHEET = "+989121234567", "000731", "R-1405-06-1"
FIELDS = {"text": "آسفالت تا آذر ترمیم شود."}
KILLED = [
    ("file", 3),
    ("statement", 40),
    ("commit", 1),
    ("drop", 1),
]
"""Points before which the command is killed; `support.dying_rekey` counts them."""
SESSION, HERS = "session of a mayor", "session of a citizen"
SOMEBODY = Actor(visit="visit of somebody")


def settings(url: str, folder: Path, key: bytes = KEY, following: bytes | None = NEW) -> Settings:
    environ = {
        "DATABASE_URL": url,
        "PUBLICMEETING_DATA": str(folder),
        "PUBLICMEETING_SECRET": key.hex(),
        **({"PUBLICMEETING_SECRET_NEXT": following.hex()} if following else {}),
    }
    return Settings.from_environment(environ)


def findings(chosen: Settings) -> list[str]:
    return [
        f"{examined.check}: {found.where} {found.what}"
        for examined in doctor.examined(chosen)
        for found in examined.findings
        if examined.check not in {"the disk has room", "the settings fit"}
    ]


@pytest.fixture
def walked(application: Application, a_request: Callable[..., WalkedCase]) -> WalkedCase:
    """A city that holds something of every kind that is sealed."""
    walked = a_request(at=Stage.IN_ROOM)
    _issue(walked)
    check_key(application.store)
    mayor = walked.city.as_("mayor").account_id or ""
    for photo in PHOTOS:
        application.originals.put(photo)
        application.images.put(photo)
    with application.store.unit_of_work(application.clock()) as uow:
        uow.people.set_pin(walked.request.person_id, PIN)
        uow.drafts.save(SOMEBODY, {"title": "درخت کج"})
        uow.unfinished.save("fields", mayor, walked.request.id, FIELDS)
        for about in (TypedForm.TEXTS.of(6), TypedForm.RULES.of()):
            uow.unfinished.save(FORM, mayor, about, FIELDS)
        uow.signing.sign(mayor, "1 2 3", application.clock())
        uow.signing.keep_template(mayor, "ترمیم", "تا یک ماه ترمیم شود.", application.clock())
        uow.counters.add("somebody", timedelta(0))
        gone = [uow.people.add("national", code, "مریم", None) for code in ("1", "2")]
        for person in gone:
            uow.people.displace(person.id)
        uow.sessions.open_proved("a proof", None, None, Door.SSO)
        account = uow.accounts.get(mayor)
        assert account is not None
        uow.sessions.open_for_account(account, Door.PASSWORD, SESSION)
        uow.sessions.open_for_mobile(MOBILE, Door.CODE, HERS)
        uow.second_steps.put_totp(mayor, "a secret", -1)
        now = application.clock()
        delay = Delay(now, now + timedelta(minutes=15), 15)
        uow.outbox.warn_late(walked.request, walked.request.history[-1].id, delay, now)
        made = AccountEventKind.SECOND_STEP_ON
        uow.account_events.add(made, mayor, mayor, {"is_new": True})
        uow.passkeys.add(Passkey("key", mayor, "public", 0, "تبلت", application.clock(), None))
    return walked


def _issue(walked: WalkedCase) -> None:
    """Issue an order with a promise in words and a stored picture."""
    application, mayor = walked.city.application, walked.city.as_("mayor")
    order = IssueOrders(
        code=walked.code,
        units=("d06-technical",),
        note="تا آذر ترمیم شود.",
        promise="پیاده‌رو ترمیم می‌شود.",
    )
    files = (application.images.put(b"picture"), application.images.put(b"small picture"))
    issue_undrawn(application, mayor, order, files)
    application.execute_as(mayor, finish_meeting, FinishMeeting(code=walked.code))


def everything(uow: UnitOfWork, walked: WalkedCase) -> list[Any]:
    """Return everything that a process with the key can read."""
    request = uow.requests.find(walked.code)
    assert request is not None
    mayor = walked.city.as_("mayor").account_id or ""
    person = uow.people.get(request.person_id)
    found = uow.people.by_identity(person.kind, person.identity)
    return [
        request,
        uow.requests.salt(request),
        person,
        found,
        uow.people.count_served(person.mobile or ""),
        uow.orders.of_request(request.id),
        uow.orders.check_mark(SHEET),
        uow.people.is_right_answer(person.id, (person.mobile or "")[-4:]),
        uow.drafts.read(SOMEBODY),
        uow.unfinished.read("fields", mayor, request.id),
        uow.unfinished.read(FORM, mayor, TypedForm.TEXTS.of(6)),
        uow.unfinished.read(FORM, mayor, TypedForm.RULES.of()),
        uow.signing.signature(mayor),
        uow.signing.templates(mayor),
        [uow.city.secret(day.on) for day in uow.city.mondays(district=6)],
        [uow.sessions.actor(Keys(session=key)) for key in (SESSION, HERS)],
        uow.passkeys.get("key"),
        uow.second_steps.totp(mayor),
        [account.is_changed for account in uow.accounts.all()],
        uow.outbox.warned_of([request.id], request.filed_at),
        uow.lists.ids(Filter(words=request.title.split()[0])),
        uow.lists.ids(Filter(words=request.code)),
    ]


def with_key(url: str, folder: Path, key: bytes, walked: WalkedCase) -> list[Any]:
    with (
        closing(Store(url, key)) as store,
        store.unit_of_work(walked.city.application.clock(), reading=True) as uow,
    ):
        found = everything(uow, walked)
    files = Files(FolderStore(folder), store.vault)
    shas = [hashlib.sha256(photo).hexdigest() for photo in PHOTOS]
    return [*found, [storage.get(sha) for storage in files.all for sha in shas]]


def changed(forks: Forks, url: str, folder: Path, point: str = "end", number: int = 1) -> int:
    """Run the command in a process of its own; return its exit code."""
    arguments = [url, str(folder), KEY.hex(), NEW.hex(), point, str(number)]
    return forks.run("support.dying_rekey", *arguments).code


@pytest.mark.on_postgresql
def test_everything_opens_with_the_new_key_and_nothing_with_the_old(
    walked: WalkedCase, database_url: str, tmp_path: Path
) -> None:
    before = with_key(database_url, tmp_path, KEY, walked)
    assert before[-3:-1] == [[walked.request.id]] * 2
    assert findings(settings(database_url, tmp_path)) == []
    lines: list[str] = []
    change_key(settings(database_url, tmp_path), lines.append)
    assert lines == [
        "files: 8 sealed",
        "PINs: 1 found again",
        "database: sealed",
        "files under the old key: 8 deleted",
    ]
    assert with_key(database_url, tmp_path, NEW, walked) == before
    assert findings(settings(database_url, tmp_path, NEW, None)) == []
    assert len(files_in(tmp_path, NEW).originals.names()) == len(PHOTOS)
    with pytest.raises((WrongKey, KeyError)):
        with_key(database_url, tmp_path, KEY, walked)
    assert findings(settings(database_url, tmp_path)) != []


@pytest.mark.on_postgresql(rows=(1, 3))
@pytest.mark.parametrize(("point", "number"), KILLED)
def test_a_process_that_dies_in_the_middle_is_finished_by_the_next(
    forks: Forks, walked: WalkedCase, database_url: str, tmp_path: Path, point: str, number: int
) -> None:
    before = with_key(database_url, tmp_path, KEY, walked)
    assert changed(forks, database_url, tmp_path, point, number) == -signal.SIGKILL
    # One key opens the whole database: the old one until it is sealed again, then the new one.
    with closing(Store(database_url, KEY)) as store:
        is_old = is_right_key(store)
    assert is_old is (point != "drop")
    assert with_key(database_url, tmp_path, KEY if is_old else NEW, walked) == before
    assert changed(forks, database_url, tmp_path) == 0
    assert with_key(database_url, tmp_path, NEW, walked) == before
    assert findings(settings(database_url, tmp_path, NEW, None)) == []
    assert len(list((tmp_path / "originals").glob("*/*"))) == len(PHOTOS)


def test_another_key_after_an_interrupted_change_leaves_no_copy_for_good(
    walked: WalkedCase, database_url: str, tmp_path: Path
) -> None:
    """What is erased later would stay in a copy that no sweep knows."""
    before = with_key(database_url, tmp_path, KEY, walked)
    for old, new in zip(files_in(tmp_path, KEY).all, files_in(tmp_path, NEW).all, strict=True):
        old.reseal(new)
    third, lines = b"third key of the city, 32 bytes!", list[str]()
    change_key(settings(database_url, tmp_path, following=third), lines.append)
    assert lines[-1].startswith("files that neither key opens, as of an unfinished rekey: 8 ")
    assert with_key(database_url, tmp_path, third, walked) == before
    assert len(list((tmp_path / "originals").glob("*/*"))) == len(PHOTOS)
    trash = files_in(tmp_path, third).originals.discarded()
    assert len([discarded.on for discarded in trash]) == len(PHOTOS)
    with pytest.raises(StopError, match="the same as then"):
        change_key(settings(database_url, tmp_path), lambda _: None)


@pytest.mark.parametrize("end", [KeyboardInterrupt, BrokenPipeError])
def test_an_interrupted_change_says_how_to_finish_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    end: type[BaseException],
) -> None:
    """BrokenPipeError: as after `rekey | head -1`."""

    def interrupted(*_arguments: Any) -> None:
        raise end

    chosen = Settings.from_environment({"PUBLICMEETING_DATA": str(tmp_path)})
    monkeypatch.setattr(rekey_command, "settings", lambda: chosen)
    monkeypatch.setattr(rekey_command, "change_key", interrupted)
    with pytest.raises(end):
        rekey_command._perform(Namespace())
    assert "again with both keys" in capsys.readouterr().err


def test_paper_stays_genuine_through_every_change(
    walked: WalkedCase, database_url: str, tmp_path: Path
) -> None:
    marks = set()
    keys = (KEY, NEW, b"third key of the city, 32 bytes!")
    for key, following in zip(keys, (*keys[1:], None), strict=True):
        with (
            closing(Store(database_url, key)) as store,
            store.unit_of_work(walked.city.application.clock(), reading=True) as uow,
        ):
            marks.add(uow.orders.check_mark(SHEET))
        if following:
            change_key(settings(database_url, tmp_path, key, following), lambda _: None)
    assert len(marks) == 1


def test_a_wrong_old_key_and_a_missing_next_one_are_refused(
    walked: WalkedCase, database_url: str, tmp_path: Path
) -> None:
    before = with_key(database_url, tmp_path, KEY, walked)
    with pytest.raises(StopError, match="does not open this database"):
        change_key(settings(database_url, tmp_path, b"x" * 32), lambda _: None)
    with pytest.raises(StopError, match="the old one"):
        change_key(settings(database_url, tmp_path, KEY, KEY), lambda _: None)
    with pytest.raises(SettingsError, match="PUBLICMEETING_SECRET_NEXT"):
        change_key(settings(database_url, tmp_path, KEY, None), lambda _: None)
    assert with_key(database_url, tmp_path, KEY, walked) == before


def test_an_original_that_does_not_open_stops_it_before_anything_is_changed(
    walked: WalkedCase, database_url: str, tmp_path: Path
) -> None:
    sha = hashlib.sha256(PHOTOS[0]).hexdigest()
    path = path_of(walked.city.application.files.originals, sha)
    sound = path.read_bytes()
    path.write_bytes(sound[:-1])
    with pytest.raises(StopError, match=sha):
        change_key(settings(database_url, tmp_path), lambda _: None)
    path.write_bytes(sound)
    assert with_key(database_url, tmp_path, KEY, walked)


def test_a_key_in_a_file_of_ours_gives_way_to_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A next one from the environment leaves the file as it is, so the command says what to set."""
    chosen = Settings.from_environment({"PUBLICMEETING_DATA": str(tmp_path)})
    monkeypatch.setattr(rekey_command, "change_key", lambda *_: None)
    for given, is_said in ((chosen, False), (replace(chosen, next_secret=NEW), True)):
        monkeypatch.setattr(rekey_command, "settings", lambda given=given: given)
        rekey_command._perform(Namespace())
        assert ("Set PUBLICMEETING_SECRET" in capsys.readouterr().out) == is_said
    update(chosen)
    old = master_key(chosen)
    change_key(chosen, lambda _: None)
    assert master_key(chosen) != old
    assert not (tmp_path / "secret.next").exists()
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
    update(chosen)


def test_no_sealed_column_is_forgotten() -> None:
    sealed = {(table.__tablename__, name) for table, _, names in SEALED for name in names}
    binary = {
        (table.name, column.name)
        for table in SQLModel.metadata.sorted_tables
        for column in table.columns
        if column.type.python_type is bytes
    }
    made_anew = {(SecretRow.__tablename__, "value"), (MarkRow.__tablename__, "marks")}
    goes = {(SsoAttemptRow.__tablename__, "secrets")}
    published = {("public_log", "leaf"), ("log_node", "hash"), ("log_head", "edge")}
    assert sealed | made_anew | goes | published == binary


def test_no_marked_column_is_forgotten() -> None:
    """A new keyed hash must be recomputed in `store/rekey.py`, or be short-lived."""
    named = {
        f"{table.name}.{column.name}"
        for table in SQLModel.metadata.sorted_tables
        for column in table.columns
        if column.name.endswith("_hash") or column.name == "marks"
    }
    assert named == {
        "person.identity_hash",
        "person.mobile_hash",
        "person.pin_hash",
        "session.mobile_hash",
        "request_mark.marks",
        "one_time_code.mobile_hash",
        "one_time_code.code_hash",
        "account.password_hash",
    }
