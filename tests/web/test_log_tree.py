"""The log under `/log/`, read as an independent program reads it, by addresses and bytes."""

import gzip
from base64 import b64decode

import pytest
from browsers import Browser
from support.audited import continues
from support.city import City
from support.each import in_one_city
from support.log_bodies import stated
from support.walk import WalkedCase

from publicmeeting.application import Application
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import read_entry
from publicmeeting.turns.schema import log_schema
from publicmeeting.turns.tree import merkle, tiles
from publicmeeting.turns.tree.checkpoint import Checkpoint
from publicmeeting.turns.tree.note import Key, KeyType, SignedNote, cosign
from publicmeeting.turns.tree.tiles import Tile, read_bundle, tiles_of

_SEED = b"\x02" * 32


def checkpoint(browser: Browser) -> Checkpoint:
    return Checkpoint.read(SignedNote.read(browser.get("/log/checkpoint").content).text)


def entries(browser: Browser, size: int) -> list[bytes]:
    found: list[bytes] = []
    for tile in tiles_of(size):
        if tile.level is None:
            found += read_bundle(browser.get(f"/log/{tile.path}").content, tile.width)
    return found


def grow(application: Application, count: int) -> None:
    with application.store.unit_of_work(application.clock()) as uow:
        for step in range(count):
            uow.log.append(Kind.AUDIENCE_OFF_SYSTEM, stated(step), uow.machine_now)


@pytest.mark.on_postgresql
def test_the_checkpoint_is_signed_by_the_announced_key_for_the_published_entries(
    browser: Browser, application: Application, drawn: WalkedCase
) -> None:
    answer = browser.get("/log/checkpoint")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["cache-control"] == "public, no-cache"
    note = SignedNote.read(answer.content)
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        rules = uow.city.announced()[0].rules.body
    (key,) = map(Key.read, rules["log"]["keys"])
    assert list(note.signed_by([key])) == [key]
    signed = Checkpoint.read(note.text)
    assert signed.origin == key.name == rules["log"]["origin"]
    published = entries(browser, signed.size)
    assert [read_entry(one).seq for one in published] == list(range(1, signed.size + 1))
    assert merkle.tree_hash(published) == signed.root.hex()
    assert [read_entry(one).published for one in published] == browser.get(
        "/verify/log.json"
    ).json()


@pytest.mark.on_postgresql
def test_tiles_grow_are_fixed_when_full_and_prove_every_earlier_checkpoint(
    browser: Browser, application: Application, city: City
) -> None:
    seen = [checkpoint(browser)]
    for count in (1, 255, 300):
        grow(application, count)
        seen.append(checkpoint(browser))
    newest = seen[-1]

    def read(tile: Tile) -> bytes:
        answer = browser.get(f"/log/{tile.path}")
        assert answer.status_code == 200
        assert ("immutable" in answer.headers["cache-control"]) == tile.is_full
        return bytes(answer.content)

    nodes = tiles.nodes_of(newest.size, read)
    for old in seen:
        path = merkle.consistency(old.size, newest.size, nodes)
        assert continues(old.size, newest.size, old.root, newest.root, path)
    leaves = [merkle.leaf_hash(entry) for entry in entries(browser, newest.size)]
    for index in (0, 255, 256, newest.size - 1):
        path = merkle.inclusion(index, newest.size, nodes)
        assert merkle.holds_leaf(index, newest.size, leaves[index], path, newest.root)
    partial = Tile(0, 0, 5)
    assert browser.get(f"/log/{partial.path}").content == b"".join(leaves[:5]), "still served"


def test_entries_are_packed_for_who_can_unpack_them(browser: Browser, drawn: WalkedCase) -> None:
    size = checkpoint(browser).size
    path = next(f"/log/{tile.path}" for tile in tiles_of(size) if tile.level is None)
    packed = browser.get(path, **{"Accept-Encoding": "gzip"})
    assert (packed.headers["content-encoding"], packed.headers["vary"]) == (
        "gzip",
        "Accept-Encoding",
    )
    plain = browser.get(path, **{"Accept-Encoding": "identity, gzip;q=0"})
    assert "content-encoding" not in plain.headers
    assert plain.content == packed.content
    assert len(gzip.compress(plain.content)) < len(plain.content)


@in_one_city(
    "path",
    [
        "tile/0/000",
        "tile/0/001.p/1",
        "tile/0/000.p/255",
        "tile/1/000",
        "tile/8/000",
        "tile/0/0",
        "tile/entries/x000/000",
        "tile/0/%2e%2e/000",
        "tile/",
        "tile/entries/000.p/0",
        "proof/1",
        "proof/0",
        "proof/x",
        "note/0",
        "note/-1",
        "note/01",
        "note/x",
        "note/999999",
        "note/" + "9" * 40,
    ],
)
def test_what_the_log_has_not_is_not_found(browser: Browser, city: City, path: str) -> None:
    answer = browser.get(f"/log/{path}")
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "public, no-cache"


@pytest.mark.on_postgresql
def test_a_witness_s_line_stands_under_the_note_of_its_size(
    browser: Browser, application: Application, city: City
) -> None:
    old = checkpoint(browser)
    line = cosign(old.text, "example.ir/council", _SEED, 1_795_941_000)
    again = cosign(old.text, "example.ir/council", _SEED, 1_795_941_060)
    with application.store.unit_of_work(application.clock()) as uow:
        assert uow.log.add_cosignature(old.size, line)
        assert not uow.log.add_cosignature(old.size, again), "the first counts"
    note = SignedNote.read(browser.get("/log/checkpoint").content)
    council = Key.of("example.ir/council", KeyType.COSIGNATURE, _SEED)
    assert note.signed_by([council])[council].seconds == 1_795_941_000
    grow(application, 3)
    assert len(SignedNote.read(browser.get("/log/checkpoint").content).signatures) == 1
    assert browser.get(f"/log/note/{old.size}").content == str(note).encode()
    assert browser.get("/log/notes").json() == [old.size]
    leaves = [merkle.leaf_hash(entry) for entry in entries(browser, old.size)]
    for seq in (1, old.size):
        above, _, signed = browser.get(f"/log/proof/{seq}").text.partition("\n\n")
        kind, index, *path = above.split("\n")
        assert (kind, index) == ("c2sp.org/tlog-proof@v1", f"index {seq - 1}")
        assert signed == str(note)
        hashes = [b64decode(one) for one in path]
        assert merkle.holds_leaf(seq - 1, old.size, leaves[seq - 1], hashes, old.root)
    assert browser.get(f"/log/proof/{old.size + 1}").status_code == 404, "not signed yet"


def test_the_schema_is_told_to_whoever_writes_a_reader(browser: Browser, city: City) -> None:
    answer = browser.get("/log/schema.json")
    assert answer.headers["content-type"] == "application/schema+json"
    assert answer.json() == log_schema()
