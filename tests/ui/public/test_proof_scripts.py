"""Scripts that verify in the reader's browser: keys, notes and trees, to the byte."""

import base64
import hashlib
import struct

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from support.browser_scripts import ScriptError, Scripts
from support.each import in_one_city

ORIGIN = "example.ir/log"
WITNESS = "example.ir/council"
ENTRIES = (
    (
        '{"at":"2026-11-28T20:29:59Z","body":{"continues":"","origin":"example.ir/log"},'
        '"kind":"log_opened","seq":1}'
    ),
    '{"at":"2026-11-28T20:30:00Z","body":{"monday":"1405-09-16"},"kind":"line_closed","seq":2}',
)
ROOT = "whN9CSzWyJnPgPYqGW7qcQJ1EficAPxCds4sQ1moTIc="
CHECKPOINT = f"{ORIGIN}\n2\n{ROOT}\n"
AT = 1795941000
LENGTHS = (*range(130), 239, 240, 500)
SIZES = (1, 2, 3, 6, 7, 8, 255, 256, 257, 513, 70_000)
ORDER = 2**252 + 27742317777372353535851937790883648493


class Signer:
    """An Ed25519 key as the log's notes use it."""

    def __init__(self, name, seed, kind=1):
        self.name, self.kind = name, kind
        self._key = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        self.public = self._key.public_key().public_bytes_raw()
        self.id = hashlib.sha256(name.encode() + bytes([10, kind]) + self.public).digest()[:4]
        written = base64.b64encode(bytes([kind]) + self.public).decode()
        self.vkey = f"{name}+{self.id.hex()}+{written}"

    def sign(self, text):
        return self._key.sign(text.encode())

    def line(self, text, at=AT):
        blob = self.sign(text)
        if self.kind == 4:
            blob = struct.pack(">Q", at) + self.sign(f"cosignature/v1\ntime {at}\n{text}")
        return f"— {self.name} {base64.b64encode(self.id + blob).decode()}\n"


CITY, COUNCIL = Signer(ORIGIN, 1), Signer(WITNESS, 2, 4)
KEYS = [CITY.vkey, COUNCIL.vkey]
OPEN = "(note, keys) => openNote(note, keys.map(parseKey))"
CHECK = "(note, keys) => openCheckpoint(note, 'example.ir/log', keys.map(parseKey))"
RECEIVE = "(note, keys) => openReceipt(note, 'example.ir/log', keys.map(parseKey))"


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    modules = ("shell/proofs/ed25519.js", "shell/proofs/merkle.js", "shell/proofs/note.js")
    with Scripts(tmp_path_factory.mktemp("scripts"), *modules) as running:
        yield running


def note(text, *signers):
    return text + "\n" + "".join(signer.line(text) for signer in signers)


def test_sha_512_is_the_standards_at_every_length(scripts):
    texts = [bytes([n % 251]) * n for n in LENGTHS]
    made = scripts.run("(all) => all.map((one) => sha512(unhex(one)))", [t.hex() for t in texts])
    assert made == [hashlib.sha512(text).hexdigest() for text in texts]


def test_a_signature_holds_for_its_message_and_key_and_no_other(scripts):
    verify = "(all) => all.map((one) => verifyEd25519(...one.map(unhex)))"
    right, wrong = [], []
    for n in range(20):
        signer = Signer("x", n + 1)
        signature, message = signer.sign("m" * n), b"m" * n
        right.append((signer.public, message, signature))
        for at in (0, 31, 32, 63):
            bad = bytearray(signature)
            bad[at] ^= 1 << n % 8
            wrong.append((signer.public, message, bytes(bad)))
        wrong.append((signer.public, message + b"!", signature))
        wrong.append((Signer("x", n + 2).public, message, signature))
        # The same scalar plus the order: a signature must have only one form.
        larger = int.from_bytes(signature[32:], "little") + ORDER
        wrong.append((signer.public, message, signature[:32] + larger.to_bytes(32, "little")))
        wrong.append((signer.public, message, signature[:-1]))
        wrong.append((b"\xff" * 32, message, signature))
    answers = scripts.run(verify, [[part.hex() for part in one] for one in right + wrong])
    assert answers == [True] * len(right) + [False] * len(wrong)


def test_the_vector_of_the_specification_is_made_to_the_byte(scripts):
    encoded = (
        "(all) => toBase64(treeRoot(all.map((one) => leafHash(new TextEncoder().encode(one)))))"
    )
    assert scripts.run(encoded, ENTRIES) == ROOT
    assert CITY.id.hex() == "92307556"
    assert COUNCIL.id.hex() == "c2fc4b46"
    found = scripts.run(CHECK, note(CHECKPOINT, CITY, COUNCIL), KEYS)
    assert (found["origin"], found["size"]) == (ORIGIN, 2)
    assert found["root"] == base64.b64decode(ROOT).hex()
    assert [(one["key"]["name"], one["time"]) for one in found["stamps"]] == [(WITNESS, AT)]
    assert CITY.line(CHECKPOINT).split()[2].startswith("kjB1VhYHF5rzuH8xcT9B")
    assert COUNCIL.line(CHECKPOINT).split()[2].startswith("wvxLRgAAAABrC+KIYdo6oS3B")


@pytest.mark.parametrize("at", [0, 2**40, 2**64 - 1])
def test_a_witness_may_sign_a_time_that_no_calendar_has(scripts, at):
    text = f"{note(CHECKPOINT, CITY)}{COUNCIL.line(CHECKPOINT, at)}"
    assert scripts.run(CHECK, text, KEYS)["stamps"][0]["time"] == pytest.approx(at)


def test_unknown_signatures_are_ignored_and_a_wrong_one_of_a_known_key_refuses_the_note(scripts):
    stranger = Signer("stranger.ir", 9)
    found = scripts.run(OPEN, note(CHECKPOINT, stranger, CITY, CITY), KEYS)
    assert [one["key"]["name"] for one in found["signed"]] == [ORIGIN]
    with pytest.raises(ScriptError, match=r"^key_unknown$"):
        scripts.run(CHECK, note(CHECKPOINT, stranger, COUNCIL), KEYS)
    other = CHECKPOINT.replace("\n2\n", "\n3\n")
    for text in (f"{other}\n{CITY.line(CHECKPOINT)}", f"{other}\n{COUNCIL.line(CHECKPOINT)}"):
        with pytest.raises(ScriptError, match=r"^signature_wrong$"):
            scripts.run(OPEN, text, KEYS)


def test_a_cosignature_over_another_origin_counts_nowhere_else(scripts):
    foreign = "example.com/log\n2\n" + ROOT + "\n"
    with pytest.raises(ScriptError, match=r"^signature_wrong$"):
        scripts.run(CHECK, note(CHECKPOINT, CITY) + COUNCIL.line(foreign), KEYS)
    with pytest.raises(ScriptError, match=r"^note_malformed$"):
        scripts.run(CHECK, note(foreign, CITY), KEYS)


@in_one_city(
    "broken",
    [
        "",
        CHECKPOINT,
        note(CHECKPOINT, CITY)[:-1],
        note(CHECKPOINT, CITY)[:-20],
        note(CHECKPOINT, CITY).replace("— ", "- "),
        note(CHECKPOINT, CITY).replace("\n", "\r\n"),
        note(CHECKPOINT + "extra\n", CITY),
        note(CHECKPOINT.replace("\n2\n", "\n02\n"), CITY),
        note(CHECKPOINT.replace("\n2\n", "\n۲\n"), CITY),
        note(CHECKPOINT.replace("TIc=", "TIc"), CITY),
        note(CHECKPOINT.replace("TIc=", "TId="), CITY),
        "\x00" + note(CHECKPOINT, CITY),
    ],
)
def test_a_note_that_is_cut_or_of_another_form_is_one_code(scripts, broken):
    with pytest.raises(ScriptError, match=r"^note_malformed$"):
        scripts.run(CHECK, broken, KEYS)


@pytest.mark.parametrize(
    "broken", ["", "x", KEYS[0][:-4], KEYS[0].replace("92307556", "92307557"), f"a b+{KEYS[0]}"]
)
def test_what_is_no_key_is_refused(scripts, broken):
    with pytest.raises(ScriptError, match=r"^key_unknown$"):
        scripts.run("(text) => parseKey(text)", broken)
    assert scripts.run(
        "(text) => formKey(...Object.values(parseKey(text)).toSpliced(1, 1))", KEYS[1]
    )


def test_a_receipt_is_no_checkpoint_and_a_checkpoint_no_receipt(scripts):
    receipt = f"{ORIGIN}/receipt/v1\n{ENTRIES[0]}\n2\n{ROOT}\n"
    found = scripts.run(RECEIVE, note(receipt, CITY), KEYS)
    assert (found["origin"], found["entry"], found["size"]) == (ORIGIN, ENTRIES[0], 2)
    for way, text in ((RECEIVE, CHECKPOINT), (CHECK, receipt)):
        with pytest.raises(ScriptError, match=r"^note_malformed$"):
            scripts.run(way, note(text, CITY), KEYS)


def tiles(leaves):
    """Return a published tree: path of a whole or partial tile → its hashes."""
    levels, files = [leaves], {}
    while len(levels[-1]) >= 256:
        full = range(0, len(levels[-1]) // 256 * 256, 256)
        levels.append([root(levels[-1][at : at + 256]) for at in full])
    for level, hashes in enumerate(levels):
        for at in range(0, len(hashes), 256):
            digits = f"{at // 256:03d}"
            assert len(digits) == 3
            part = hashes[at : at + 256]
            width = "" if len(part) == 256 else f".p/{len(part)}"
            files[f"tile/{level}/{digits}{width}"] = b"".join(part).hex()
    return files


def root(hashes):
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + root(hashes[:split]) + root(hashes[split:])).digest()


PROVE = """async (size, files, index, leaf, root) => {
  const tiles = new Tiles(size, (path) => unhex(files[path]));
  const path = await tiles.inclusion(index);
  const [mine, whole] = [leaf, root].map(unhex);
  return [verifyInclusion(mine, index, size, path, whole), tiles.held.size,
    index > 0 && verifyInclusion(mine, index - 1, size, path, whole),
    path.length > 0 && verifyInclusion(mine, index, size, path.slice(1), whole),
    verifyInclusion(mine, index, size, [...path, whole], whole)];
}"""
FOLLOW = """async (size, files, olds, root) => {
  const tiles = new Tiles(size, (path) => unhex(files[path]));
  const answers = [];
  for (const [old, oldRoot] of olds) {
    const path = await tiles.consistency(old);
    const ask = (first, last) => verifyConsistency(old, unhex(first), size, unhex(last), path);
    answers.push([ask(oldRoot, root), ask(root, oldRoot)]);
  }
  return answers;
}"""


@pytest.mark.parametrize("size", SIZES)
def test_a_proof_made_of_few_tiles_holds_for_its_place_and_no_other(scripts, size):
    leaves = [hashlib.sha256(b"\0" + str(n).encode()).digest() for n in range(size)]
    files, whole = tiles(leaves), root(leaves).hex()
    for index in {0, 1 % size, size // 2, size - 1}:
        answer = scripts.run(PROVE, size, files, index, leaves[index].hex(), whole)
        assert answer == [True, answer[1], False, False, False]
        assert answer[1] <= 4
    olds = sorted({1, size // 3 or 1, size // 2 or 1, max(size - 1, 1)})
    held = [(old, root(leaves[:old]).hex()) for old in olds]
    for (_, first), answer in zip(held, scripts.run(FOLLOW, size, files, held, whole), strict=True):
        assert answer == [True, first == whole]


def test_the_tree_grows_leaf_by_leaf_to_the_same_roots(scripts):
    leaves = [hashlib.sha256(bytes([n])).digest() for n in range(70)]
    grow = """(all) => {
      const tree = new GrowingTree();
      return all.map((leaf) => (tree.append(unhex(leaf)), tree.root));
    }"""
    made = scripts.run(grow, [leaf.hex() for leaf in leaves])
    assert made == [root(leaves[: n + 1]).hex() for n in range(70)]


def test_a_tile_cut_short_or_too_long_is_said_at_once(scripts):
    leaves = [hashlib.sha256(bytes([n])).digest() for n in range(9)]
    files = tiles(leaves)
    for change in (lambda text: text[:-2], lambda text: text + "00", lambda text: text * 2):
        wrong = {path: change(text) for path, text in files.items()}
        with pytest.raises(ScriptError, match=r"RangeError: tile/0/000\.p/9"):
            scripts.run(PROVE, 9, wrong, 3, leaves[3].hex(), root(leaves).hex())


def test_a_bundle_gives_its_entries_and_a_broken_one_none(scripts):
    entries = [b"a" * n for n in (1, 300, 0)]
    bundle = b"".join(struct.pack(">H", len(entry)) + entry for entry in entries).hex()
    read = "(text, width) => readBundle(unhex(text), width)"
    assert scripts.run(read, bundle, 3) == [entry.hex() for entry in entries]
    for broken, width in ((bundle[:-2], 3), (bundle + "00", 3), (bundle, 2), (bundle * 2, 3)):
        assert scripts.run(read, broken, width) is None
    paths = "() => [tilePath(1, 1234067, 256), bundlePath(5, 3)]"
    assert scripts.run(paths) == ["tile/1/x001/x234/067", "tile/entries/005.p/3"]
    assert scripts.run("() => [tileWidth(0, 1, 300), tileWidth(1, 0, 300)]") == [44, 1]
