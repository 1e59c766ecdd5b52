"""Go's checksum-database client reads the public log and gets the same answers."""

import base64
import gzip
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from support.log_bodies import stated

from publicmeeting.cli.machine.debian import GO_SOURCES, on_path
from publicmeeting.config import bare_environment
from publicmeeting.kit.clock import utc_now
from publicmeeting.store.database.migrate import upgrade_url
from publicmeeting.store.unit_of_work import Store
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.tree import merkle
from publicmeeting.turns.tree.note import Key, KeyType, SignedNote, cosign
from publicmeeting.turns.tree.tiles import tiles_of

PEER = Path(__file__).parent / "log_peer" / "main.go"
WITNESS, SEED = "example.ir/council", b"\x02" * 32
SECONDS = 1_795_941_000
OLDER, NEWER = 300, 700
NOW = utc_now()


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program, built once from Debian's own sources, without a network."""
    folder = tmp_path_factory.mktemp("peer")
    environment = bare_environment(
        {
            "GO111MODULE": "off",
            "GOPATH": str(GO_SOURCES),
            "GOCACHE": str(folder / "cache"),
            "GOFLAGS": "",
            "CGO_ENABLED": "0",
        }
    )
    program = folder / "log_peer"
    done = subprocess.run(
        [on_path("go") or "", "build", "-o", str(program), str(PEER)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return program


def published(folder: Path) -> tuple[str, str]:
    """Write a log of `NEWER` entries as it is served, and an older note; return both keys."""
    url = f"sqlite:///{folder}/city.db"
    upgrade_url(url)
    with closing(Store(url, b"k" * 32)) as store:
        with store.unit_of_work(NOW) as uow:
            uow.log.open("example.ir/log", "", NOW)
        for size, name in ((OLDER, "older"), (NEWER, "checkpoint")):
            with store.unit_of_work(NOW) as uow:
                for number in range(uow.log.head().seq, size):
                    uow.log.append(Kind.AUDIENCE_OFF_SYSTEM, stated(number), NOW)
            with store.unit_of_work(NOW) as uow:
                text = SignedNote.read(uow.log.note(size)).text
                uow.log.add_cosignature(size, cosign(text, WITNESS, SEED, SECONDS))
                (folder / name).write_text(uow.log.note(size), encoding="utf-8")
        with store.unit_of_work(NOW, reading=True) as uow:
            for tile in tiles_of(NEWER):
                data = uow.log.tile(tile) or b""
                path = folder / tile.path
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(gzip.compress(data) if tile.level is None else data)
            nodes, city = uow.log.nodes(NEWER), uow.log.keys().daily
            proofs = merkle.consistency(OLDER, NEWER, nodes)
            proofs += merkle.inclusion(OLDER, NEWER, nodes)
    lines = "".join(f"{base64.b64encode(proof).decode()}\n" for proof in proofs)
    (folder / "proofs").write_text(lines, encoding="utf-8")
    return city, Key.of(WITNESS, KeyType.COSIGNATURE, SEED).vkey


def test_go_reads_our_log_and_refuses_it_where_one_byte_differs(peer: Path, tmp_path: Path) -> None:
    keys = published(tmp_path)

    def read() -> tuple[int, str]:
        command = [str(peer), str(tmp_path), *keys]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.strip()

    assert read() == (0, f"{NEWER} entries, {OLDER} before")
    for name in ("checkpoint", "older", "tile/0/001", "tile/1/000.p/2", "proofs"):
        file = tmp_path / name
        whole = file.read_bytes()
        file.write_bytes(whole[:40] + bytes([whole[40] ^ 1]) + whole[41:])
        assert read()[0] == 1, name
        file.write_bytes(whole)
    assert read()[0] == 0
