"""Signed notes, checkpoints and receipts to the byte; every other text is refused."""

import base64
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.each import for_each

from publicmeeting.turns.log import read_entry
from publicmeeting.turns.tree.checkpoint import Checkpoint, city_key, log_origin, signed
from publicmeeting.turns.tree.merkle import Edge, leaf_hash
from publicmeeting.turns.tree.note import (
    Key,
    KeyType,
    NoteError,
    Signature,
    SignedNote,
    cosign,
    is_signed,
    sign,
)
from publicmeeting.turns.tree.receipt import Receipt, signed_receipt

ORIGIN, WITNESS, SECONDS = "example.ir/log", "example.ir/council", 1795941000
CITY_SEED, WITNESS_SEED = b"\x01" * 32, b"\x02" * 32
ENTRIES = [
    (
        b'{"at":"2026-11-28T20:29:59Z","body":{"continues":"","origin":"example.ir/log"},'
        b'"kind":"log_opened","seq":1}'
    ),
    b'{"at":"2026-11-28T20:30:00Z","body":{"monday":"1405-09-16"},"kind":"line_closed","seq":2}',
]
CITY = city_key(ORIGIN, CITY_SEED)
COUNCIL = Key.of(WITNESS, KeyType.COSIGNATURE, WITNESS_SEED)


def checkpoint():
    edge = Edge()
    for entry in ENTRIES:
        edge.append(leaf_hash(entry))
    return Checkpoint(ORIGIN, edge.size, edge.root)


def cosigned():
    note = signed(checkpoint(), CITY_SEED)
    line = cosign(note.text, WITNESS, WITNESS_SEED, SECONDS)
    return SignedNote(note.text, (*note.signatures, line))


def test_the_documented_vector_comes_out():
    city, council = cosigned().signatures
    assert checkpoint().text == (
        "example.ir/log\n2\nwhN9CSzWyJnPgPYqGW7qcQJ1EficAPxCds4sQ1moTIc=\n"
    )
    assert (CITY.id.hex(), COUNCIL.id.hex()) == ("92307556", "c2fc4b46")
    assert city.line.startswith("— example.ir/log kjB1VhYHF5rzuH8xcT9B")
    assert council.line.startswith("— example.ir/council wvxLRgAAAABrC+KIYdo6oS3B")
    assert council.seconds == SECONDS


def test_a_note_is_read_back_and_says_who_signed():
    note = SignedNote.read(str(cosigned()))
    assert note == cosigned() == SignedNote.read(str(note).encode())
    assert set(note.signed_by([CITY, COUNCIL])) == {CITY, COUNCIL}
    assert set(note.signed_by([COUNCIL])) == {COUNCIL}, "the other is unknown here"
    assert Checkpoint.read(note.text) == checkpoint()


def test_a_wrong_signature_of_a_known_key_refuses_the_note_and_of_an_unknown_one_is_passed_over():
    city, council = cosigned().signatures
    wrong = replace(council, data=council.data[:-1] + bytes([council.data[-1] ^ 1]))
    note = SignedNote(checkpoint().text, (city, wrong))
    assert set(note.signed_by([CITY])) == {CITY}
    with pytest.raises(NoteError, match="signature_wrong"):
        note.signed_by([CITY, COUNCIL])


@for_each(
    [
        cosign(checkpoint().text, WITNESS, WITNESS_SEED, SECONDS + 1),
        cosign(checkpoint().text.replace("example", "sample"), WITNESS, WITNESS_SEED, SECONDS),
        cosign(checkpoint().text, WITNESS, CITY_SEED, SECONDS),
        sign(checkpoint().text, WITNESS, WITNESS_SEED),
    ]
)
def test_a_cosignature_is_of_one_log_time_and_key(other):
    stamped = replace(other, id=COUNCIL.id)
    if other.seconds:  # claim the time of the true one
        stamped = replace(stamped, data=SECONDS.to_bytes(8) + other.data[8:])
    assert not is_signed(checkpoint().text, stamped, COUNCIL)


def test_a_key_is_read_back():
    for key in (CITY, COUNCIL):
        assert Key.read(key.vkey) == key
    assert log_origin("City.example:8443") == "city.example:8443/log"
    assert log_origin("") == "localhost/log"


@for_each(
    [
        "",
        "example.ir/log",
        CITY.vkey[:-4],
        CITY.vkey + "=",
        CITY.vkey.replace("92307556", "92307557"),
        CITY.vkey.replace("92307556", "9230755"),
        CITY.vkey.replace("example", "sample"),
        CITY.vkey.replace("/log", "/l og"),
        CITY.vkey.upper(),
        f"{CITY.vkey}\n",
        f"{ORIGIN}+{CITY.id.hex()}+" + base64.b64encode(b"\x02" + CITY.public).decode(),
        f"{ORIGIN}+{CITY.id.hex()}+{'A' * 43}=",
    ]
)
def test_a_text_that_is_no_key_is_refused(vkey):
    with pytest.raises(NoteError, match="key_malformed"):
        Key.read(vkey)


WHOLE = str(cosigned())
TEXT, BELOW = WHOLE.split("\n\n")


@for_each(
    [
        "",
        "\n\n",
        TEXT,
        f"{TEXT}\n",
        f"{TEXT}\n\n",
        WHOLE[:-1],
        WHOLE + "\n",
        WHOLE + "x\n",
        WHOLE.replace("—", "-"),
        WHOLE.replace("— ", "—"),
        WHOLE.replace(" kjB", "  kjB"),
        WHOLE.replace(" kjB", " kj B"),
        WHOLE.replace(" kjB", " *jB"),
        WHOLE.replace("\n", "\r\n"),
        WHOLE.replace("example", "exam\tple"),
        f"{TEXT}\n\n— a AAAA\n",
        f"{TEXT}\n\n" + "— a AAAAAAA=\n" * 101,
        b"\xff\n\n" + BELOW.encode(),
        "\ud800" + WHOLE,
        "x" * (1 << 20) + WHOLE,
    ]
)
def test_a_text_that_is_no_note_is_refused(text):
    with pytest.raises(NoteError, match="note_malformed"):
        SignedNote.read(text)


def test_a_note_cut_anywhere_is_refused_or_lacks_its_last_signature():
    for at in range(len(WHOLE)):
        try:
            note = SignedNote.read(WHOLE[:at])
        except NoteError:
            continue
        assert note.signatures == cosigned().signatures[:1]


@given(st.text() | st.binary())
def test_junk_is_no_note(junk):
    with pytest.raises(NoteError):
        SignedNote.read(junk)


@for_each(
    [
        "example.ir/log\n2\n",
        "example.ir/log\n2\nwhN9CSzWyJnPgPYqGW7qcQJ1EficAPxCds4sQ1moTIc=\nmore\n",
        "example.ir/log\n02\nwhN9CSzWyJnPgPYqGW7qcQJ1EficAPxCds4sQ1moTIc=\n",
        "example.ir/log\n+2\nwhN9CSzWyJnPgPYqGW7qcQJ1EficAPxCds4sQ1moTIc=\n",
        "example.ir/log\n۲\nwhN9CSzWyJnPgPYqGW7qcQJ1EficAPxCds4sQ1moTIc=\n",
        "example.ir/log\n2\nwhN9CSzWyJnPgPYqGW7qcQJ1EficAPxCds4sQ1moTIc\n",
        "example.ir/log\n2\nwhN9CSzWyJnPgPYqGW7qcQJ1EficAPxCds4sQ1moTId=\n",
        "example.ir/log\n2\nwhN9\n",
        "\n2\nwhN9CSzWyJnPgPYqGW7qcQJ1EficAPxCds4sQ1moTIc=\n",
        "example.ir/log\n2\nwhN9CSzWyJnPgPYqGW7qcQJ1EficAPxCds4sQ1moTIc=",
    ]
)
def test_a_text_that_is_no_checkpoint_is_refused(text):
    with pytest.raises(NoteError):
        Checkpoint.read(text)


def a_receipt():
    return Receipt(ORIGIN, read_entry(FILED), 7, checkpoint().root)


FILED = b'{"at":"2026-11-28T20:30:00Z","body":{"district":6,"ticket":"ab"},"kind":"filed","seq":5}'


def test_a_receipt_is_signed_by_the_city_and_read_back():
    note = SignedNote.read(str(signed_receipt(a_receipt(), CITY_SEED)))
    assert note.text.split("\n") == [
        "example.ir/log/receipt/v1",
        FILED.decode(),
        "7",
        "whN9CSzWyJnPgPYqGW7qcQJ1EficAPxCds4sQ1moTIc=",
        "",
    ]
    assert set(note.signed_by([CITY])) == {CITY}
    assert Receipt.read(note.text) == a_receipt()
    assert len(str(note)) < 500


@for_each(
    [
        a_receipt().text + "more\n",
        a_receipt().text[:-1],
        a_receipt().text.replace("/receipt/v1", "/receipt/v2"),
        a_receipt().text.replace("/receipt/v1", ""),
        a_receipt().text.replace("\n7\n", "\n4\n"),  # not in a log of four
        a_receipt().text.replace("\n7\n", "\n07\n"),
        a_receipt().text.replace('"district"', ' "district"'),
        a_receipt().text.replace("filed", "coup"),
        a_receipt().text.replace("whN9", "wh"),
        checkpoint().text,
        "",
    ]
)
def test_a_text_that_is_no_receipt_is_refused(text):
    with pytest.raises(NoteError):
        Receipt.read(text)


def test_no_receipt_is_a_checkpoint():
    with pytest.raises(NoteError):
        Checkpoint.read(a_receipt().text)


def test_what_is_signed_ends_its_last_line():
    with pytest.raises(ValueError):
        sign("no line", ORIGIN, CITY_SEED)
    assert Signature.read(sign("a line\n", ORIGIN, CITY_SEED).line).name == ORIGIN
