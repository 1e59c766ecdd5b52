"""`doctor`: checks the installation, and whether the city's records are consistent.

It prints one line for each check with the findings below it, and exits with 1 if there is any. It
repairs nothing. It records how much it found, for `/health`, and that all files are in order,
because only then a sweep may move unreferenced files.

The certificates are the city's own and those of the services it uses.
"""

import argparse
import asyncio
import re
import shutil
import ssl
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from publicmeeting.cli.opening import UNPAIRED, place
from publicmeeting.cli.stop import StopError
from publicmeeting.config import Env, Settings, master_key, settings
from publicmeeting.kit.clock import utc_now
from publicmeeting.kit.process.interpreter import settle
from publicmeeting.kit.process.private import is_private
from publicmeeting.usecases.oversight.findings import Examined, Finding

if TYPE_CHECKING:
    from publicmeeting.sso.client import ProviderClient
    from publicmeeting.store.unit_of_work import Store

SOON = timedelta(days=14)
"""Period before the end in which a certificate is reported.

Automatic renewal happens a month before, so a failure leaves two weeks for repair.
"""
_SECONDS = 5
_HTTPS = 443

Place = tuple[str, int]


def places(settings: Settings) -> tuple[Place, ...]:
    """Return host and port of everything the city connects to over TLS, each once."""
    calls = (settings.sms_text, settings.sms_code, settings.match)
    addresses = [
        settings.public_url,
        *(call.url for call in calls if call),
        *(
            address
            for provider in settings.sso
            for address in (provider.issuer, provider.token, provider.jwks)
        ),
        settings.s3.endpoint if settings.s3 else "",
    ]
    return tuple(dict.fromkeys(filter(None, map(_place, addresses))))


def _place(address: str) -> Place | None:
    parts = urlsplit(address)
    is_tls = parts.scheme == "https" and parts.hostname and "{" not in parts.netloc
    return (parts.hostname or "", parts.port or _HTTPS) if is_tls else None


def ends(place: Place) -> datetime | None:
    """Return when the certificate of a place ends, whoever signed it; None if nobody answers."""
    from cryptography.x509 import load_pem_x509_certificate

    try:
        shown = ssl.get_server_certificate(place, timeout=_SECONDS)
        return load_pem_x509_certificate(shown.encode()).not_valid_after_utc
    except (OSError, ValueError):
        return None


def ending(
    settings: Settings, now: datetime, asked: Callable[[Place], datetime | None] = ends
) -> Iterator[Finding]:
    """Yield certificates that have ended or end soon; otherwise nobody notices before a failure."""
    for host, port in places(settings):
        last = asked((host, port))
        if last is None or last - now > SOON:
            continue
        day = last.astimezone(UTC).date()
        what = f"its certificate {'has ended' if last <= now else 'ends'} on {day}"
        yield Finding(f"{host}:{port}", what)


_ROOM = 500 * 1024 * 1024
"""Minimum free space, in bytes: the pictures of a busy Monday, and the database's own work."""

_SHOWN = 20
"""Findings of one kind that are printed: with a wrong data folder every file is missing."""
_HASH = re.compile(r"[0-9a-f]{64}")

_ARCHIVED = "what PostgreSQL writes is archived, if it is set so"
_LAST = "every original has its file, opens and is unchanged"
"""The last check: doctor has come to its end."""

_OF_THE_DATABASE = {"OperationalError", "DatabaseError", "ProgrammingError"}


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("doctor", help="check this installation and its data")
    parser.add_argument("--all", action="store_true", help="print every finding")
    parser.set_defaults(perform=_perform)


def _perform(arguments: argparse.Namespace) -> int:
    findings, newest = 0, ""
    for result in examined(settings(), is_alone=True):
        findings, newest = findings + len(result.findings), result.check
        print(f"{'NO' if result.findings else 'ok':4}{result.check}", flush=True)
        for line in _lines(result.findings, None if arguments.all else _SHOWN):
            print(f"      {line}")
    if newest == _LAST:
        _note(settings(), findings)
    return 0 if not findings else 1


def _note(settings: Settings, findings: int) -> None:
    from publicmeeting.store.unit_of_work import Store
    from publicmeeting.worker.health import note_examination

    with closing(Store(settings.database_url, master_key(settings))) as store:
        note_examination(store, utc_now(), findings)


def _lines(findings: Sequence[Finding], shown: int | None) -> Iterator[str]:
    """Yield a line for each finding: at most so many of a kind, then the number of the others."""
    kinds = defaultdict[str, list[Finding]](list)
    for finding in findings:
        kinds[_HASH.sub("…", finding.what)].append(finding)
    for kind, those in kinds.items():
        yield from (f"{finding.where}: {finding.what}" for finding in those[:shown])
        if shown is not None and len(those) > shown:
            yield f"and {len(those) - shown} more, see doctor --all: {kind}"


def examined(settings: Settings, *, is_alone: bool = False) -> Iterator[Examined]:
    """Run every check in order; the records are read only with the right key.

    `is_alone`: this process does nothing else, so the garbage collector is configured as in a
    server. Raises StopError if the database cannot be read at all.
    """
    yield Examined(f"the settings fit, for {_engine(settings)}", ())  # reading them succeeded
    yield Examined("the disk has room", tuple(_full_disk(settings)))
    yield Examined("nobody else on this machine can read the data", tuple(_open_files(settings)))
    yield _letters()
    if is_alone:  # on the server itself, not when a city is only inspected
        yield Examined("no certificate ends soon", tuple(ending(settings, utc_now())))
    try:
        tables = Examined("the tables are those of this program", tuple(_old_tables(settings)))
        yield tables
        if tables.findings:
            return
        yield Examined(
            "tables, indexes and constraints are as the migrations made them",
            tuple(_changed_tables(settings)),
        )
        key = Examined("the key is the right one", tuple(_wrong_key(settings)))
        yield key
        if not key.findings:
            yield from _books(settings, is_alone=is_alone)
    except Exception as error:
        # By name, because only the store may import the database's errors.
        if type(error).__name__ not in _OF_THE_DATABASE:
            raise
        reason = str(getattr(error, "orig", error)).partition("\n")[0]
        raise StopError(f"The database cannot be read: {reason}") from None


def _engine(settings: Settings) -> str:
    """Name the engine: no finding, because both are correct with any number of processes."""
    return "SQLite, one writer at a time" if settings.is_sqlite else "PostgreSQL"


def _full_disk(settings: Settings) -> Iterator[Finding]:
    folder = settings.data_dir
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < _ROOM:
        yield Finding(str(settings.data_dir), f"has {free >> 20} MB left of {_ROOM >> 20}")


def _open_files(settings: Settings) -> Iterator[Finding]:
    from publicmeeting.store.database.engine import sqlite_files

    for path in (settings.data_dir, *sqlite_files(settings.database_url)):
        if path == settings.data_dir and path.is_file():
            yield Finding(str(path), "is no folder: name one with PUBLICMEETING_DATA")
        elif path.exists() and not is_private(path):
            yield Finding(str(path), "can be read by others: take their rights away")


def _letters() -> Examined:
    """Check that Persian text can be drawn: receipts and orders are pictures of it."""
    from publicmeeting.media.sheets.persian_text import FONT, Face, has_raqm, text_width

    shaping = "libraqm" if has_raqm() else "its own joining"
    findings: tuple[Finding, ...] = ()
    try:
        drawn = text_width("شهرداری", Face(20))
    except OSError:
        drawn = 0
    if not drawn:
        findings = (Finding(str(FONT), "the font cannot be used"),)
    return Examined(f"Persian can be drawn, with {shaping}", findings)


def _old_tables(settings: Settings) -> Iterator[Finding]:
    from publicmeeting.store.database.migrate import (
        NewerTables,
        OlderTables,
        current,
        needs_upgrade,
    )

    try:
        is_old = needs_upgrade(settings)
    except (OlderTables, NewerTables) as others:
        yield Finding("the database", str(others))
        return
    if is_old:
        step = current(settings)
        what = f"is at step {step}: run the migrate command"
        empty = "is empty: restore its dump, or for a new city run the migrate command"
        yield Finding("the database", what if step else empty)


def _changed_tables(settings: Settings) -> Iterator[Finding]:
    from publicmeeting.store.database.migrate import differences

    for table, what in differences(settings):
        yield Finding(f"table {table}", what)


def _wrong_key(settings: Settings) -> Iterator[Finding]:
    from publicmeeting.store.rekey import is_right_key
    from publicmeeting.store.unit_of_work import Store

    with closing(Store(settings.database_url, master_key(settings))) as store:
        if not is_right_key(store):
            yield Finding("PUBLICMEETING_SECRET", "is not the key this database was sealed with")


def _sign_on(client: "ProviderClient") -> Examined:
    """Report whether a provider answers; no finding, because citizens can sign in by mobile."""
    from publicmeeting.sso.answers import NotReachedError

    try:
        # In a thread: the caller may run an event loop in this one.
        with ThreadPoolExecutor(1) as apart:
            apart.submit(lambda: asyncio.run(client.check())).result()
    except NotReachedError as error:
        answers = f"does not answer now ({error}); citizens come in by their mobiles"
    else:
        answers = "answers"
    return Examined(f"the sign-on provider {client.provider.name} {answers}", ())


def _moved(settings: Settings, ahead: timedelta) -> Iterator[Finding]:
    """Check that a city's clock is not offset; only a demo's may be.

    With an offset the database owner could end every deadline early, while no machine's clock is
    wrong.
    """
    if ahead and settings.env is Env.PRODUCTION:
        yield Finding(
            "the city's clock", f"is {ahead} ahead of the machine's, by a row of the database"
        )


def _not_archived(store: "Store") -> Iterator[Finding]:
    """Report an archive that fails; otherwise nobody notices before it is needed."""
    since = store.archive_failing_since()
    if since is not None:
        what = f"archives nothing since {since:%Y-%m-%d %H:%M} UTC: see pg_stat_archiver"
        yield Finding("PostgreSQL", what)


def _books(settings: Settings, *, is_alone: bool) -> Iterator[Examined]:
    from publicmeeting.application import open_application
    from publicmeeting.domain.roles import COMMAND_LINE
    from publicmeeting.usecases.base import Nothing
    from publicmeeting.usecases.oversight.books import (
        CHECKS,
        Checkup,
        examine,
        examined_together,
    )
    from publicmeeting.usecases.oversight.held_events import (
        ReportSteps,
        events_tagged,
        report_steps,
    )
    from publicmeeting.usecases.oversight.installation import (
        UNNAMED,
        Pairing,
        file_findings,
        named_files,
        pairing,
    )
    from publicmeeting.worker.cleanup import files_fine_at, note_files

    application = open_application(settings)
    if is_alone:
        settle()
    try:
        yield from map(_sign_on, application.sso.clients)
        with application.store.unit_of_work(application.clock(), reading=True) as uow:
            ahead = uow.clockwork.offset()
        yield Examined("the city's time is this machine's", tuple(_moved(settings, ahead)))
        yield Examined(_ARCHIVED, tuple(_not_archived(application.store)))
        for names in examined_together():  # printed as soon as it is done; no snapshot is held
            for result in application.query_as(COMMAND_LINE, examine, Checkup(checks=names)):
                yield result
                if CHECKS[result.check] is events_tagged and result.findings:
                    found = tuple(f"{each.where}: {each.what}" for each in result.findings)
                    application.execute_as(COMMAND_LINE, report_steps, ReportSteps(found=found))
        named = application.query_as(COMMAND_LINE, named_files, Nothing())
        now = application.clock()
        fit = pairing(application.store, application.files, now)
        fits, is_older = fit is Pairing.FITS, fit is Pairing.OLDER_DATABASE
        strange = () if fits or is_older else (Finding(place(settings), UNPAIRED[fit.value]),)
        since = ", which was restored from before them" if is_older else ""
        yield Examined(f"the files are those of this database{since}", strange)
        swept = files_fine_at(application.store, now) is not None and fits
        pictures = tuple(file_findings(named.images, application.images, now, is_swept=swept))
        yield Examined("every picture and paper has its file, opens and is unchanged", pictures)
        originals = tuple(
            file_findings(named.originals, application.originals, now, is_swept=swept)
        )
        yield Examined(_LAST, originals)
        fine = all(finding.what == UNNAMED for finding in (*pictures, *originals))
        note_files(application.store, now, fine=fine and fits)
    finally:
        application.store.close()
