"""The tree of the log: its growth, its proofs, and its tiles."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.audited import continues
from support.each import for_each

from publicmeeting.turns.tree import merkle, tiles
from publicmeeting.turns.tree.merkle import Edge, holds_leaf, leaf_hash, root_of
from publicmeeting.turns.tree.tiles import Tile, nodes_of, read_bundle, read_path, tiles_of

MANY = 700
LEAVES = [leaf_hash(str(number).encode()) for number in range(MANY)]
SIZES = [*range(1, 20), 255, 256, 257, 511, 512, 513, MANY]


def node(height, index):
    return root_of(LEAVES[index << height : (index + 1) << height])


def files(size):
    """Return every tile of a log of this many leaves."""
    level_1 = [node(8, number) for number in range(size >> 8)]
    return {
        tile.path: b"".join([LEAVES, level_1][tile.level][tile.first : tile.first + tile.width])
        for tile in tiles_of(size)
        if tile.level is not None
    }


def nodes(size):
    stored = files(size)
    return nodes_of(size, lambda tile: stored[tile.path])


def test_it_grows_by_its_edge_alone():
    edge, made = Edge(), {}
    for size, leaf in enumerate(LEAVES, 1):
        made |= {(height, number): found for height, number, found in edge.append(leaf)}
        assert edge.root == root_of(LEAVES[:size])
        edge = Edge.read(size, edge.data)
    assert made == {(height, number): node(height, number) for height, number in made}
    assert {number for height, number in made if height == tiles.LEVEL} == {0, 1}


@for_each([(1, b""), (0, bytes(32)), (2, bytes(64)), (3, bytes(63)), (-1, b"")])
def test_what_is_no_edge_is_refused(size, data):
    with pytest.raises(ValueError):
        Edge.read(size, data)


@for_each(SIZES)
def test_every_root_of_before_is_found_in_the_tiles(size):
    assert merkle.root_at(size, nodes(MANY)) == root_of(LEAVES[:size])
    assert merkle.root_at(size, nodes(size)) == root_of(LEAVES[:size])


def changed(path, at):
    return [*path[:at], bytes(32), *path[at + 1 :]]


@for_each(SIZES)
def test_a_path_leads_from_its_leaf_to_its_root_and_nowhere_else(size):
    root, read = root_of(LEAVES[:size]), nodes(size)
    for index in {0, size // 2, size // 3, size - 1}:
        path = merkle.inclusion(index, size, read)
        assert holds_leaf(index, size, LEAVES[index], path, root)
        wrong = [
            (index, size, LEAVES[(index + 1) % MANY], path, root),
            (index, size, LEAVES[index], [*path, bytes(32)], root),
            (index, size, LEAVES[index], path, bytes(32)),
            (size, size, LEAVES[index], path, root),
            (-1, size, LEAVES[index], path, root),
            *((index, size, LEAVES[index], changed(path, at), root) for at in range(len(path))),
        ]
        if path:
            wrong += [(index, size, LEAVES[index], path[:-1], root)]
            wrong += [(index, size, LEAVES[index], [], LEAVES[index])]
            wrong += [(index, size, LEAVES[index], [path[0][:-1], *path[1:]], root)]
            wrong += [(index ^ 1, size, LEAVES[index], path, root)]
        assert not any(holds_leaf(*one) for one in wrong)


@for_each(SIZES)
def test_a_proof_shows_that_a_log_continues_what_it_was_and_nothing_else(size):
    root, read = root_of(LEAVES[:size]), nodes(size)
    for old in {0, 1, size // 3, size // 2, size - 1, size}:
        before, path = root_of(LEAVES[:old]), merkle.consistency(old, size, read)
        assert continues(old, size, before, root, path)
        wrong = [
            (old, size, bytes(32), root, path),
            (old, size, before, root, [*path, bytes(32)]),
            (size, old, root, before, path) if old != size else (-1, size, before, root, path),
            *((old, size, before, root, changed(path, at)) for at in range(len(path))),
        ]
        if 0 < old < size:
            wrong += [(old, size, before, bytes(32), path), (old, size, before, root, [])]
            wrong += [(old, size, before, root, path[:-1])]
        assert not any(continues(*one) for one in wrong)


@for_each(SIZES)
def test_a_root_of_before_is_found_only_within_the_tree_with_this_root(size):
    root, read = root_of(LEAVES[:size]), nodes(size)
    for old in {1, size // 3, size // 2, size - 1, size} - {0}:
        before, last = root_of(LEAVES[:old]), LEAVES[old - 1]
        assert merkle.root_within(old, size, read, root, last) == before
        wrong = [(root, bytes(32))] + [(bytes(32), last)] * (old < size)
        for other, leaf in wrong:
            with pytest.raises(ValueError):
                merkle.root_within(old, size, read, other, leaf)

        def forged(height, index, end=old):
            """Return another hash for each node below `old`."""
            return bytes(32) if (index + 1) << height <= end else read(height, index)

        if old < size:
            with pytest.raises(ValueError):
                merkle.root_within(old, size, forged, root)


def test_of_no_leaf_and_no_earlier_tree_there_is_no_proof():
    for index, size in ((5, 5), (-1, 5), (0, 0)):
        with pytest.raises(ValueError):
            merkle.inclusion(index, size, node)
    for old, size in ((6, 5), (-1, 5)):
        with pytest.raises(ValueError):
            merkle.consistency(old, size, node)


@for_each(
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 1234067), "tile/0/x001/x234/067"),
        (Tile(1, 5, 7), "tile/1/005.p/7"),
        (Tile(None, 999, 255), "tile/entries/999.p/255"),
        (Tile(None, 1000), "tile/entries/x001/000"),
    ]
)
def test_a_tile_has_one_path(tile, path):
    assert tile.path == path
    assert read_path(path) == tile


@for_each(
    [
        "",
        "tile/0",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/x000/001",
        "tile/0/001/001",
        "tile/0/x001/x001",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/007",
        "tile/0/000.p/",
        "tile/8/000",
        "tile/-1/000",
        "tile/Entries/000",
        "tile/0/۰۰۰",
        "/tile/0/000",
        "tile/0/000/",
        "tile/0/../000",
        "tile/0/" + "x999/" * 7 + "999",
    ]
)
def test_any_other_path_is_none(path):
    assert read_path(path) is None


def test_a_log_consists_of_these_files():
    assert [tile.path for tile in tiles_of(MANY)] == [
        "tile/entries/000",
        "tile/entries/001",
        "tile/entries/002.p/188",
        "tile/0/000",
        "tile/0/001",
        "tile/0/002.p/188",
        "tile/1/000.p/2",
    ]
    assert list(tiles_of(0)) == []
    assert all(tile.is_within(MANY) and not tile.is_within(tile.first) for tile in tiles_of(MANY))


def test_a_tile_that_is_cut_off_foreign_or_missing_is_refused():
    stored = files(MANY)
    for path in ("tile/0/002.p/188", "tile/1/000.p/2"):
        with pytest.raises(ValueError):
            merkle.root_at(MANY, nodes_of(MANY, lambda tile: {**stored, path: b""}[tile.path]))  # noqa: B023
    with pytest.raises(KeyError):
        nodes(MANY)(0, MANY)
    with pytest.raises(KeyError):
        nodes(MANY)(9, 1)


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_a_bundle_is_read_back(entries):
    assert read_bundle(tiles.bundle(entries), len(entries)) == entries


@given(st.binary(max_size=40), st.integers(min_value=1, max_value=4))
def test_junk_is_a_bundle_or_refused(data, width):
    with contextlib.suppress(ValueError):
        assert tiles.bundle(read_bundle(data, width)) == data


def test_a_bundle_cut_anywhere_is_refused():
    whole = tiles.bundle([b"one", b"two", b""])
    for at in range(len(whole)):
        with pytest.raises(ValueError):
            read_bundle(whole[:at], 3)
    with pytest.raises(ValueError):
        read_bundle(whole, 2)
    with pytest.raises(ValueError):
        tiles.bundle([bytes(tiles.ENTRY_MOST + 1)])
