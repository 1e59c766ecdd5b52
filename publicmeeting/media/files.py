"""All files of an installation (pictures, originals, its mark), and the two stores that hold them.

The stores are a private folder of this machine, and a bucket for several machines. Writes to the
folder are on disk before they return.

The bucket is S3-compatible. Nothing is needed from it except that it holds bytes. Every file is
sealed for its own hash, so writing a key again writes the same file, and a changed file does not
open.
"""

import errno
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from publicmeeting.config import S3
from publicmeeting.kit.process.private import make_private
from publicmeeting.media.objects import (
    AREAS,
    TRASH,
    ObjectStore,
    StorageUnavailable,
    Stored,
    checked,
)
from publicmeeting.media.storage import SealedStorage
from publicmeeting.store.database.vault import Vault

_PART = ".part-"
_PRIVATE = 0o700


class FolderStore:
    """Files that only this service's user can read.

    If two threads or processes write the same key, the result is one file, and no reader sees half
    of it.
    """

    def __init__(self, root: Path) -> None:
        self.root, self.refused = root, 0
        for folder in (root, *(root / area for area in AREAS)):
            make_private(folder)

    def write(self, key: str, data: bytes) -> None:
        path = self.path(key)
        new = self._make_folder(path.parent)
        handle, part = tempfile.mkstemp(prefix=_PART, dir=path.parent)  # created 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(part).replace(path)
        except BaseException:
            self.refused = len(data)
            Path(part).unlink(missing_ok=True)
            raise
        self.refused = 0
        _sync(path.parent)
        for folder in new:
            _sync(folder.parent)

    def read(self, key: str) -> bytes:
        try:
            return self.path(key).read_bytes()
        except FileNotFoundError:
            raise KeyError(key) from None

    def exists(self, key: str) -> bool:
        return self.path(key).is_file()

    def renew(self, key: str) -> bool:
        with suppress(FileNotFoundError):
            os.utime(self.path(key))
            return True
        return False

    def listing(self, prefix: str) -> Iterator[Stored]:
        """Raise FileNotFoundError if an area itself is missing: that is not an empty area."""
        for path in self._files(prefix):
            if not path.name.startswith(_PART):
                with suppress(FileNotFoundError):  # another process may move files too
                    written_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                    yield Stored(path.relative_to(self.root).as_posix(), written_at)

    def move(self, source: str, target: str, *, before: datetime | None = None) -> bool:
        """Move; a file that was put again meanwhile is found young and moved back."""
        here, there = self.path(source), self.path(target)
        self._make_folder(there.parent)
        try:
            here.rename(there)
        except FileNotFoundError:
            return False
        if before is not None and there.stat().st_mtime >= before.timestamp():
            there.rename(here)
            return False
        _sync(there.parent)
        _sync(here.parent)
        return True

    def delete(self, key: str) -> None:
        self.path(key).unlink(missing_ok=True)

    def tidy(self, prefix: str, before: datetime) -> None:
        for path in self._files(prefix):
            if path.name.startswith(_PART):
                with suppress(FileNotFoundError):
                    if path.stat().st_mtime < before.timestamp():
                        path.unlink()

    def refuse_unusable(self, size: int = 0) -> None:
        with tempfile.NamedTemporaryFile(prefix=_PART, dir=self.root) as part:
            part.write(bytes(size))

    def path(self, key: str) -> Path:
        """Return the path of a key; raises KeyError for an invalid key."""
        return self.root / checked(key)

    def _files(self, prefix: str) -> Iterator[Path]:
        folder = self.path(prefix)
        if prefix not in AREAS and not folder.exists():
            return
        for entry in folder.iterdir():
            if entry.is_dir():
                yield from self._files(entry.relative_to(self.root).as_posix())
            elif entry.is_file():
                yield entry

    def _make_folder(self, folder: Path) -> list[Path]:
        """Create the missing folders; return them, the outermost first."""
        missing = [path for path in (folder, *folder.parents) if not path.exists()][::-1]
        for path in missing:
            path.mkdir(mode=_PRIVATE, exist_ok=True)
        return missing


def _sync(folder: Path) -> None:
    """Make a rename in the folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


RENEWED_WITHIN = timedelta(hours=12)
"""An object this young counts as written now; nothing younger than a day is ever swept.

A store can renew an object only by writing it again.
"""

_CONNECT, _ANSWER, _HURRIED = (timedelta(seconds=n) for n in (3, 20, 1))
_CODE = re.compile(r"<Code>(\w+)</Code>")
_IS_FULL, _IS_SILENT = "it is full", "it does not answer"
_ERRNO = {_IS_FULL: errno.ENOSPC, _IS_SILENT: errno.ETIMEDOUT}
_WHY = {
    "NoSuchBucket": "there is no bucket of that name",
    "InvalidBucketName": "the bucket's name is no name of a bucket",
    "AccessDenied": "the key may not use this bucket",
    "InvalidAccessKeyId": "the access key is unknown there",
    "SignatureDoesNotMatch": "the secret key is not that of the access key",
    "AuthorizationHeaderMalformed": "the region is not that of the bucket",
    "PermanentRedirect": "the region is not that of the bucket",
    "RequestTimeTooSkewed": "this machine's clock is wrong",
    "SlowDown": "it is too busy",
    "QuotaExceeded": _IS_FULL,
    "XMinioStorageFull": _IS_FULL,
}
_REFUSED = re.compile(r"InvalidCertificate\(\s*(\w+)")
_ANSWERED = re.compile(r"status code: (\d{3})")
_NO_STORE = re.compile(r"source: (?:Metadata|InvalidListResponse) \{")
"""A page with status 200 in place of what such a store answers."""
_CERTIFICATES = {
    "Expired": "it has ended",
    "ExpiredContext": "it has ended",
    "NotValidYet": "it is not valid yet, or this machine's clock is wrong",
    "NotValidYetContext": "it is not valid yet, or this machine's clock is wrong",
    "NotValidForName": "it is another host's",
    "NotValidForNameContext": "it is another host's",
    "UnknownIssuer": "nobody that this machine trusts has signed it",
}


class BucketStore:
    """Objects of one bucket; several machines may use it simultaneously."""

    def __init__(self, settings: S3, *, hurried: bool = False) -> None:
        """`hurried`: fail within a second, for a health check."""
        self.refused = 0
        self._place = f"Bucket {settings.bucket} at {settings.endpoint}"
        self._store = S3Store(
            settings.bucket,
            endpoint=settings.endpoint,
            region=settings.region,
            access_key_id=settings.access_key,
            secret_access_key=settings.secret_key,
            virtual_hosted_style_request=False,
            client_options={
                "connect_timeout": _HURRIED if hurried else _CONNECT,
                "timeout": _HURRIED if hurried else _ANSWER,
                "allow_http": settings.endpoint.startswith("http://"),
            },
            retry_config={"max_retries": 0 if hurried else 3, "retry_timeout": _ANSWER},
        )

    def write(self, key: str, data: bytes) -> None:
        """Overwriting is harmless: a file sealed for the same hash is the same file."""
        try:
            with self._reached(key):
                obstore.put(self._store, checked(key), data, use_multipart=False)
        except StorageUnavailable as fault:
            # A bucket that is slow is not called again for a trial.
            self.refused = 0 if fault.errno == errno.ETIMEDOUT else len(data)
            raise
        self.refused = 0

    def read(self, key: str) -> bytes:
        with self._reached(key):
            return bytes(obstore.get(self._store, checked(key)).bytes())

    def exists(self, key: str) -> bool:
        return self._written_at(key) is not None

    def renew(self, key: str) -> bool:
        written_at = self._written_at(key)
        return written_at is not None and datetime.now(UTC) - written_at < RENEWED_WITHIN

    def listing(self, prefix: str) -> Iterator[Stored]:
        with self._reached(prefix):
            for page in obstore.list(self._store, f"{checked(prefix)}/"):
                for found in page:
                    yield Stored(found["path"], found["last_modified"])

    def move(self, source: str, target: str, *, before: datetime | None = None) -> bool:
        """Copy, then delete; a crash in between leaves both, and the next sweep finds one."""
        written_at = self._written_at(source)
        if written_at is None or (before is not None and written_at >= before):
            return False
        checked(target)
        with suppress(KeyError), self._reached(source):
            obstore.copy(self._store, source, target)
            obstore.delete(self._store, source)
            return True
        return False

    def delete(self, key: str) -> None:
        checked(key)
        with suppress(KeyError), self._reached(key):
            obstore.delete(self._store, key)

    def tidy(self, prefix: str, before: datetime) -> None:
        """An S3 object appears whole or not at all, so there is nothing to tidy."""

    def refuse_unusable(self, size: int = 0) -> None:
        with self._reached("trial"):
            next(iter(obstore.list(self._store, "trial/", chunk_size=1)), None)
            obstore.put(self._store, "trial/write", bytes(size), use_multipart=False)
            obstore.delete(self._store, "trial/write")

    def _written_at(self, key: str) -> datetime | None:
        checked(key)
        with suppress(KeyError), self._reached(key):
            found: datetime = obstore.head(self._store, key)["last_modified"]
            return found
        return None

    @contextmanager
    def _reached(self, key: str) -> Iterator[None]:
        """Translate errors of the S3 library into those of `ObjectStore`."""
        try:
            yield
        except FileNotFoundError as missing:
            code = _CODE.search(str(missing))
            if code and code[1] in _WHY:
                raise self._unavailable(_WHY[code[1]]) from None
            raise KeyError(key) from None
        except BaseError as fault:
            raise self._unavailable(_why(str(fault))) from fault

    def _unavailable(self, why: str) -> StorageUnavailable:
        unavailable = StorageUnavailable(f"{self._place} cannot be used ({why})")
        unavailable.errno = _ERRNO.get(why)
        return unavailable


def _why(fault: str) -> str:
    """Return the reason of a failure from the library's message.

    An expired certificate, for example, is named, so that operators do not look for a network
    fault.
    """
    if code := _CODE.search(fault):
        return _WHY.get(code[1], code[1])
    if refused := _REFUSED.search(fault):
        return f"its certificate is refused: {_CERTIFICATES.get(refused[1], refused[1])}"
    if answered := _ANSWERED.search(fault):
        return f"it answers {answered[1]}"
    if _NO_STORE.search(fault):
        return "what answers is no such store: check PUBLICMEETING_S3_ENDPOINT"
    return _IS_SILENT


_MARK = "installation.json"


@dataclass(frozen=True, slots=True)
class Mark:
    """Installation of the files: its id, and the public log's state at the last check of the files.

    A database that never had that log state is older than the files.
    """

    installation: str
    seq: int = 0
    hash: str = ""


class Files:
    """Pictures and originals in one object store, sealed with one master key."""

    def __init__(self, objects: ObjectStore, vault: Vault) -> None:
        self.objects = objects
        images, originals = AREAS
        self.images = SealedStorage(objects, images, vault)
        """Files made here: web pictures, thumbnails, sheets."""
        self.originals = SealedStorage(objects, originals, vault)
        """Uploaded files as received."""

    @property
    def all(self) -> tuple[SealedStorage, ...]:
        return self.images, self.originals

    def is_empty(self) -> bool:
        """Whether there is no file, not even in the trash."""
        return not any(True for area in (*AREAS, TRASH) for _ in self.objects.listing(area))

    def mark(self) -> Mark | None:
        """Return the mark of these files, as `read_mark` does."""
        return read_mark(self.objects)

    def set_mark(self, mark: Mark) -> None:
        fields = {"installation": mark.installation, "seq": mark.seq, "hash": mark.hash}
        self.objects.write(_MARK, f"{json.dumps(fields)}\n".encode())


def read_mark(objects: ObjectStore) -> Mark | None:
    """Return the mark; None if there is none.

    Raises StorageUnavailable for a mark that cannot be read: the files belong to an unknown
    installation.
    """
    try:
        text = objects.read(_MARK)
    except KeyError:
        return None
    try:
        found = json.loads(text)
        return Mark(str(found["installation"]), int(found["seq"]), str(found["hash"]))
    except (ValueError, KeyError, TypeError) as fault:
        raise StorageUnavailable(f"{_MARK} beside the files cannot be read") from fault


def copy_files(
    source: ObjectStore,
    target: ObjectStore,
    report: Callable[[int, int], None] | None = None,
) -> int:
    """Copy every sealed file, those in the trash too; return how many. The target gets no mark yet.

    Safe to repeat: existing files are left. `report` is called after each file with how many are in
    the target, and how many there are.
    """
    # Until all files are copied nobody may serve from them, also where a city comes back to a place
    # that it has left.
    target.delete(_MARK)
    keys = [stored.key for area in (*AREAS, TRASH) for stored in source.listing(area)]
    copied = 0
    for done, key in enumerate(keys, start=1):
        if not target.exists(key):
            target.write(key, source.read(key))
            copied += 1
        if report is not None:
            report(done, len(keys))
    return copied


def move_mark(source: ObjectStore, target: ObjectStore) -> None:
    """Make the target the place of the files, and the source one that no server starts on.

    Otherwise a machine with the old settings would write where no other one reads.
    """
    target.write(_MARK, source.read(_MARK))
    source.delete(_MARK)


def forget_files(objects: ObjectStore) -> None:
    """Delete everything, for a demo city that is seeded again."""
    for area in (*AREAS, TRASH):
        for stored in list(objects.listing(area)):
            objects.delete(stored.key)
    objects.delete(_MARK)


def open_store(data_dir: Path, s3: S3 | None, *, hurried: bool = False) -> ObjectStore:
    """Return the store of the settings; a bucket is not contacted yet."""
    return BucketStore(s3, hurried=hurried) if s3 else FolderStore(data_dir)
