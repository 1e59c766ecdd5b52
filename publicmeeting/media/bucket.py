"""Object store in an S3-compatible bucket, for cities on several machines.

It needs nothing from the store except that it holds bytes. Every file is sealed for its own hash,
so writing a key again writes the same file, and a changed file does not open.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from publicmeeting.config import S3
from publicmeeting.media.objects import StorageUnavailable, Stored, checked

RENEWED_WITHIN = timedelta(hours=12)
"""An object this young counts as written now; nothing younger than a day is ever swept.

A store can renew an object only by writing it again.
"""

_CONNECT, _ANSWER, _HURRIED = (timedelta(seconds=n) for n in (3, 20, 1))
_CODE = re.compile(r"<Code>(\w+)</Code>")
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
    "QuotaExceeded": "it is full",
    "XMinioStorageFull": "it is full",
}
_REFUSED = re.compile(r"InvalidCertificate\(\s*(\w+)")
_ANSWERED = re.compile(r"status code: (\d{3})")
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
        with self._reached(key):
            obstore.put(self._store, checked(key), data, use_multipart=False)

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
                for typed_dict_type in page:
                    yield Stored(typed_dict_type["path"], typed_dict_type["last_modified"])

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

    def refuse_unusable(self) -> None:
        with self._reached("trial"):
            for page in obstore.list(self._store, "trial/", chunk_size=1):
                del page
                break
            obstore.put(self._store, "trial/write", b"", use_multipart=False)
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
        return StorageUnavailable(f"{self._place} cannot be used ({why})")


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
    return "it does not answer"
