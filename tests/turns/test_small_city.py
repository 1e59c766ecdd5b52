"""The small city writes every kind of entry, the documented vector, and readable files."""

import json
from base64 import b64decode

from city_books import CITY_TYPE, History, Note, Signer, altered, canonical, forged, tile_path
from small_city import honest

ENTRIES = [
    (
        b'{"at":"2026-11-28T20:29:59Z","body":{"continues":"","origin":"example.ir/log"},'
        b'"kind":"log_opened","seq":1}'
    ),
    b'{"at":"2026-11-28T20:30:00Z","body":{"monday":"1405-09-16"},"kind":"line_closed","seq":2}',
]


def test_the_books_reproduce_the_vector():
    council = Signer("example.ir/council", b"\2" * 32)
    city = Signer("example.ir/log", b"\1" * 32, CITY_TYPE)
    books = History("example.ir/log", city, {council.name: council}, ENTRIES, [])
    assert (city.id.hex(), council.id.hex()) == ("92307556", "c2fc4b46")
    lines = books.note_text(Note(2, {council.name: 1_795_941_000})).split("\n")
    assert lines[2] == "whN9CSzWyJnPgPYqGW7qcQJ1EficAPxCds4sQ1moTIc="
    signed = [b64decode(line.split()[2])[4:] for line in lines[4:6]]
    assert signed[0].startswith(b64decode("kjB1VhYHF5rzuH8xcT9B")[4:])
    assert signed[1].startswith(b64decode("wvxLRgAAAABrC+KIYdo6oS3B")[4:])


def test_every_kind_occurs_and_the_same_number_is_the_same_city():
    kinds = {entry["kind"] for seed in range(12) for entry in honest(seed).decoded()}
    assert len(kinds) == 57
    assert honest(3).entries == honest.__wrapped__(3).entries


def test_entries_are_canonical_in_order_and_caused_by_earlier_ones():
    last = ""
    for seq, (raw, entry) in enumerate(zip(honest(1).entries, honest(1).decoded(), strict=True), 1):
        assert canonical(entry).encode() == raw
        assert (entry["seq"], entry["at"] >= last) == (seq, True)
        assert all(cause < seq for cause in entry["body"].get("because", []))
        last = entry["at"]


def test_a_folder_has_the_paths_of_the_log(tmp_path):
    books = honest(2)
    books.write(tmp_path)
    size = len(books.entries)
    assert (tmp_path / "checkpoint").read_text().split("\n")[1] == str(size)
    first = (tmp_path / "tile/entries/000").read_bytes()
    length = int.from_bytes(first[:2], "big")
    assert json.loads(first[2 : 2 + length])["kind"] == "log_opened"
    assert (tmp_path / "tile/entries" / tile_path(size // 256, size % 256)).is_file()
    assert tile_path(1234, 256) == "x001/234"
    assert tile_path(1234, 7) == "x001/234.p/7"


def test_a_forger_keeps_only_what_witnesses_signed_before_his_change():
    books = honest(2)
    middle = books.notes[len(books.notes) // 2].size
    made = forged(books, altered(middle, at=books.decoded()[middle - 1]["at"], ticket="0" * 64))
    signed = [note.size for note in made.notes if note.stamps]
    assert signed == [note.size for note in books.notes if note.size < middle]
    assert len(made.notes) == len(books.notes)
