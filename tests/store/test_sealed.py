"""A stolen database reveals no name and no text of a citizen."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlmodel import SQLModel
from support.city import KEY

from publicmeeting.store.database.vault import Vault, WrongKey
from publicmeeting.store.rekey import check_key
from publicmeeting.store.unit_of_work import Store

NOTE = "پلاک دوازدهم، روبه‌روی نانوایی"


def everything(store: Store) -> bytes:
    """Return all values of all rows, concatenated."""
    with store.engine.connect() as connection:
        rows = [
            row for t in SQLModel.metadata.sorted_tables for row in connection.execute(t.select())
        ]
    values = (value for row in rows for value in row)
    return b"\n".join(v if isinstance(v, bytes) else str(v).encode() for v in values)


def secrets_of(walked) -> list[str]:
    request, who = walked.request, walked.who
    mobile = who.mobile.removeprefix("0")
    return [who.name, who.identity, mobile, request.title, request.text, NOTE, "سنگ‌فرش"]


def test_no_row_shows_a_person_or_what_she_wrote(application, a_request):
    walked = a_request()
    walked.official("desk", "ask_info", note=NOTE)
    rows = everything(application.store)
    assert walked.code.encode() in rows
    for secret in secrets_of(walked):
        assert secret.encode() not in rows, secret


def test_the_database_file_shows_none_of_it(application, a_request):
    walked = a_request()
    walked.official("desk", "ask_info", note=NOTE)
    application.store.close()
    url = make_url(application.store.engine.url)
    if url.get_backend_name() != "sqlite":
        return  # PostgreSQL's files belong to its server; the test above reads every row
    database = Path(str(url.database))
    files = database.parent.glob(f"{database.name}*")
    content = b"".join(file.read_bytes() for file in files)
    assert walked.code.encode() in content
    for secret in secrets_of(walked):
        assert secret.encode() not in content, secret


def test_a_sealed_text_moved_to_another_row_does_not_open(application, a_request):
    one, other = a_request(), a_request()
    moved = """UPDATE request SET title = (SELECT title FROM request WHERE code = :source)
        WHERE code = :code"""
    with application.store.engine.begin() as connection:
        connection.execute(text(moved), {"source": one.code, "code": other.code})
    with pytest.raises(WrongKey):
        _ = other.request
    assert one.request.title


def test_a_sealed_text_does_not_open_in_another_column(application):
    vault = application.store.vault
    sealed = vault.seal("request.title", "1", "متن")
    assert vault.open("request.title", "1", sealed) == "متن"
    for place, row in (("request.text", "1"), ("request.title", "2")):
        with pytest.raises(WrongKey):
            vault.open(place, row, sealed)
    with pytest.raises(WrongKey):
        vault.open("request.title", "1", sealed[:-1] + bytes([sealed[-1] ^ 1]))


def test_the_same_text_is_never_sealed_the_same_way(application):
    vault = application.store.vault
    assert vault.seal("note.text", "1", "متن") != vault.seal("note.text", "1", "متن")


def test_another_key_opens_and_finds_nothing():
    vault, other = Vault(KEY), Vault(b"x" * 32)
    with pytest.raises(WrongKey):
        other.open("note.text", "1", vault.seal("note.text", "1", "متن"))
    with pytest.raises(WrongKey):
        other.open_secret("2026-11-30", vault.seal_secret("2026-11-30", "ab"))
    for cut in (0, 5, 20):  # otherwise `rekey` would end in a traceback after all its work
        with pytest.raises(WrongKey):
            vault.open_secret("2026-11-30", vault.seal_secret("2026-11-30", "ab")[:cut])
    assert vault.lookup("national", "0499370899") != other.lookup("national", "0499370899")
    assert not vault.search_marks("درخت") & other.search_marks("درخت")


def test_a_wrong_key_is_refused_once_the_first_has_been_seen(application):
    check_key(application.store)
    check_key(application.store)
    wrong = Store(application.store.engine.url.render_as_string(hide_password=False), b"x" * 32)
    with pytest.raises(WrongKey):
        check_key(wrong)
    wrong.close()
    check_key(application.store)
