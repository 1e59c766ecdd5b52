"""Reader for a copy of the public log: a folder, or the archive that the site offers.

`checkpoint`, `notes`, `note/SIZE`, `tile/entries/…` and `draws/ID.json` may be in any subfolder
(docs/turns.md 6). A file may still be compressed as it was sent.
"""

import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from publicmeeting.turns.machine.copies import LogCopy
from publicmeeting.turns.tree.checkpoint import Checkpoint
from publicmeeting.turns.tree.note import NoteError, SignedNote
from publicmeeting.turns.tree.tiles import Tile, read_bundle, tiles_of

_GZIP = b"\x1f\x8b"
_OF_GZIP = 31
LARGEST = 64 << 20
"""Maximum size of one file in bytes; a small archive may contain one that exceeds the memory."""
_WAYS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""Accepted compression methods; for others each Python version raises errors of its own."""
_CHECKPOINT, _ONE_FILE = "checkpoint", "entries"
_DRAW = re.compile(r"(?:.*/)?(d[0-9]{2}-[0-9-]{10})\.json")
BROKEN = (OSError, EOFError, RuntimeError, ValueError, zlib.error, zipfile.BadZipFile)
"""What reading a part of a copy raises if it cannot be read."""


class CopyError(ValueError):
    """Unreadable copy; `word` is the reason, `place` the file."""

    def __init__(self, word: str, place: str) -> None:
        super().__init__(word, place)
        self.word, self.place = word, place


@dataclass(slots=True)
class _Paths:
    """File names with a reader for each; `top` is the prefix of the log's own files."""

    files: Mapping[str, Callable[[], bytes]]
    top: str = field(init=False)

    def __post_init__(self) -> None:
        heads = [name for name in self.files if name.split("/")[-1] == _CHECKPOINT]
        if not heads:
            raise CopyError("no_checkpoint", _CHECKPOINT)
        first, *others = sorted(heads, key=len)
        if others and len(others[0]) == len(first):  # another reader would use that one
            raise CopyError("cut_off", others[0])
        self.top = first.removesuffix(_CHECKPOINT)

    def read(self, name: str) -> bytes | None:
        """Return a file's content; None if the copy does not have it."""
        read = self.files.get(self.top + name)
        try:
            return None if read is None else unpacked(read())
        except BROKEN:
            raise CopyError("cut_off", name) from None


def read_log_copy(path: Path) -> LogCopy:
    """Read a copy; raises CopyError `no_folder`, `no_checkpoint`, `tile_missing` or `cut_off`."""
    with _files(path) as files:
        paths = _Paths(files)
        head, signed = _head(paths)
        entries = tuple(_entries(paths, signed.size))
        notes = {_CHECKPOINT: head, **{name: paths.read(name) for name in _note_names(paths)}}
        return LogCopy(signed.origin, entries, notes, dict(_draws(paths)))


def read_entries(path: Path) -> tuple[str, list[bytes]]:
    """Return checkpoint and entries of a copy, which may have them as one file `entries`.

    Raises CopyError like `read_log_copy`.
    """
    with _files(path) as files:
        paths = _Paths(files)
        head, signed = _head(paths)
        if paths.top + _ONE_FILE not in files:
            return head.decode(), list(_entries(paths, signed.size))
        one_file = path / paths.top / _ONE_FILE
        try:
            # A file of this machine may be large. One in an archive may exceed any memory.
            data = one_file.read_bytes() if one_file.is_file() else paths.read(_ONE_FILE) or b""
            return head.decode(), read_bundle(data, signed.size)
        except (OSError, ValueError):
            raise CopyError("cut_off", _ONE_FILE) from None


def _head(paths: _Paths) -> tuple[bytes, Checkpoint]:
    head = paths.read(_CHECKPOINT) or b""
    try:
        return head, Checkpoint.read(SignedNote.read(head).text)
    except NoteError:
        raise CopyError("no_checkpoint", _CHECKPOINT) from None


def _entries(paths: _Paths, size: int) -> Iterator[bytes]:
    for tile in tiles_of(size):
        if tile.level is None:
            yield from _bundle(paths, tile)


def read_draw(data: bytes, name: str) -> object:
    """Return any JSON value; raises CopyError `cut_off` if it cannot be read.

    An object with a duplicate key becomes None: another reader may see its other value.
    """
    try:
        return json.loads(unpacked(data).decode(), object_pairs_hook=_once)
    except (*BROKEN, RecursionError):
        raise CopyError("cut_off", name) from None


@contextmanager
def _files(path: Path) -> Iterator[Mapping[str, Callable[[], bytes]]]:
    if path.is_dir():
        found = (file for file in path.rglob("*") if file.is_file())
        yield {file.relative_to(path).as_posix(): _reading(file) for file in found}
        return
    if not path.is_file():
        raise CopyError("no_folder", str(path))
    try:
        archive = zipfile.ZipFile(path)
    except BROKEN:
        raise CopyError("cut_off", str(path)) from None
    with archive:
        parts = [part for part in archive.infolist() if not part.filename.endswith("/")]
        files = {part.filename: _reader(archive, part) for part in parts}
        # With two parts of one name, another program may unpack the other one.
        if len(files) < len(parts) or any(part.compress_type not in _WAYS for part in parts):
            raise CopyError("cut_off", str(path))
        yield files


def _reading(path: Path) -> Callable[[], bytes]:
    return lambda: read_some(path)


def read_some(path: Path | zipfile.Path) -> bytes:
    """Return the content; raises one of `BROKEN`, also if it is too large."""
    with path.open("rb") as file:
        return _some(file)


def _reader(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        with archive.open(part) as file:
            return _some(file)

    return read


def _some(file: IO[bytes]) -> bytes:
    data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ValueError("too large")
    return data


def _once(pairs: Sequence[tuple[str, object]]) -> dict[str, object] | None:
    found = dict(pairs)
    return found if len(found) == len(pairs) else None


def _bundle(paths: _Paths, tile: Tile) -> list[bytes]:
    full = Tile(None, tile.number)
    data = paths.read(tile.path)
    whole = paths.read(full.path) if data is None else None
    if data is None and whole is None:
        raise CopyError("tile_missing", tile.path)
    try:
        if data is None:
            return read_bundle(whole or b"", full.width)[: tile.width]
        return read_bundle(data, tile.width)
    except ValueError:
        raise CopyError("cut_off", tile.path) from None


def _note_names(paths: _Paths) -> list[str]:
    under = paths.top + "note/"
    sizes = {name.removeprefix(under) for name in paths.files if name.startswith(under)}
    sizes = {size for size in sizes if not size.startswith(".")}
    listed = (paths.read("notes") or b"").decode("ascii", "replace")
    sizes |= set(re.findall("[0-9]+", listed))
    return [f"note/{size}" for size in sorted(sizes, key=lambda size: (len(size), size))]


def _draws(paths: _Paths) -> Iterator[tuple[str, object]]:
    seen = set[str]()
    for name in sorted(paths.files):
        found = _DRAW.fullmatch(name)
        if found is not None:
            if found[1] in seen:  # a person who opens a file herself may see the other one
                raise CopyError("cut_off", name)
            seen.add(found[1])
            try:
                data = paths.files[name]()
            except BROKEN:
                raise CopyError("cut_off", name) from None
            yield found[1], read_draw(data, name)


def unpacked(data: bytes) -> bytes:
    """Return decompressed data; raises ValueError if it is cut off or too large."""
    if not data.startswith(_GZIP):
        return data
    packed = zlib.decompressobj(_OF_GZIP)
    whole = packed.decompress(data, LARGEST)
    if not packed.eof or packed.unused_data:
        raise ValueError("too large, or not all of it")
    return whole
