"""If a bucket cannot be used, one sentence tells the operator what to repair."""

from pathlib import Path

import pytest
from support.stores import refusing

from publicmeeting.domain.errors import Unavailable
from publicmeeting.media.files import BucketStore
from publicmeeting.media.objects import StorageUnavailable, on_disk


@pytest.mark.parametrize(
    ("answer", "ended", "why"),
    [
        ("200 ", True, "its certificate is refused: it has ended"),
        ("503 <Error><Code>SlowDown</Code></Error>", False, "it is too busy"),
        ("507 <Error><Code>XMinioStorageFull</Code></Error>", False, "it is full"),
        ("403 <Error><Code>QuotaExceeded</Code></Error>", False, "it is full"),
        ("502 <html>a proxy</html>", False, "it answers 502"),
        (
            "200 <html>a page</html>",
            False,
            "what answers is no such store: check PUBLICMEETING_S3_ENDPOINT",
        ),
    ],
)
def test_why_a_bucket_cannot_be_used_is_in_its_sentence(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, *, answer: str, ended: bool, why: str
) -> None:
    with refusing(tmp_path / "store", answer, ended=ended) as settings:
        store = BucketStore(settings, hurried=True)
        for act in (store.refuse_unusable, lambda: store.write("images/a", b"a")):
            with pytest.raises(StorageUnavailable) as refused:
                act()
            assert str(refused.value).endswith(f"cannot be used ({why})")
        with pytest.raises(StorageUnavailable if why != "it is full" else Unavailable), on_disk():
            store.write("images/a", b"a")
        assert bool(caplog.messages) == (why == "it is full"), "for any other, the route logs it"
        assert store.refused == 1
