"""The Merkle Tree Hash, compared with published roots and with the definition in the RFC."""

from hashlib import sha256

from support.each import for_each

from publicmeeting.turns.tree.merkle import tree_hash

# The eight entries and roots of the reference tests of Certificate Transparency.
ENTRIES = [
    bytes.fromhex(entry)
    for entry in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def by_definition(entries):
    """Compute the root by RFC 9162 2.1.1 word for word, with its recursion."""
    if not entries:
        return sha256().digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    split = 1
    while split * 2 < len(entries):
        split *= 2
    left, right = by_definition(entries[:split]), by_definition(entries[split:])
    return sha256(b"\x01" + left + right).digest()


@for_each(range(len(ROOTS)))
def test_the_published_roots_are_found(count):
    assert tree_hash(ENTRIES[:count]) == ROOTS[count]


@for_each([*range(70), 127, 128, 129, 4999, 5000])
def test_the_tree_is_the_one_of_the_definition(count):
    entries = [str(n).encode() for n in range(count)]
    assert tree_hash(entries) == by_definition(entries).hex()


def test_the_order_of_the_entries_counts():
    assert tree_hash([b"a", b"b"]) != tree_hash([b"b", b"a"])
