"""A short recording that comes in: what it is by its own bytes, and how long it plays.

Names and declared types are never believed, and nothing is decoded here: a length is read from the
container, frame by frame or page by page, so a head that lies about it changes nothing.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from publicmeeting.domain.errors import Invalid
from publicmeeting.domain.voice import LARGEST_KIB, LONGEST_SECONDS

LARGEST = LARGEST_KIB * 1024
LEAST_MILLIS = 100
_FIELD = "sound"
_OPUS_RATE = 48_000
_MP3_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_MP3_KBITS_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MP3_KBITS_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_BOXES_MOST = 200
_PAGES_MOST = 20_000
_PCM = 1
_BOX_HEAD = 8
_TAG_HEAD = 10
_SYNC, _SYNC_MORE = 0xFF, 0xE0
_VERSION_1, _RESERVED, _LAYER_3 = 3, 1, 1


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording that a browser can play."""

    data: bytes
    kind: str
    """Its media type."""
    millis: int


def take_sound(data: bytes) -> Sound:
    """Raises Invalid: `sound_large`, `sound_kind`, `sound_short`, `sound_long`."""
    if len(data) > LARGEST:
        raise Invalid("sound_large", field=_FIELD, limit=LARGEST_KIB)
    try:
        kind, millis = _kind_and_length(data)
    except (struct.error, LookupError, ValueError, ZeroDivisionError, StopIteration):
        raise Invalid("sound_kind", field=_FIELD) from None
    if millis < LEAST_MILLIS:
        raise Invalid("sound_short", field=_FIELD)
    if millis > LONGEST_SECONDS * 1000:
        raise Invalid("sound_long", field=_FIELD, limit=LONGEST_SECONDS)
    return Sound(data, kind, millis)


def _kind_and_length(data: bytes) -> tuple[str, int]:
    if data[:4] == b"OggS":
        return "audio/ogg", _ogg_millis(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return "audio/wav", _wav_millis(data)
    if data[4:8] == b"ftyp":
        return "audio/mp4", _mp4_millis(data)
    return "audio/mpeg", _mp3_millis(data)


def _ogg_millis(data: bytes) -> int:
    """Opus alone: its last page's position, counted at 48 kHz, without what is skipped first."""
    at, last, skipped, pages = 0, 0, -1, 0
    while at < len(data) and pages < _PAGES_MOST:
        if data[at : at + 4] != b"OggS":
            raise ValueError("no page")
        position, segments = struct.unpack_from("<q", data, at + 6)[0], data[at + 26]
        body = at + 27 + segments
        size = sum(data[at + 27 : body])
        if skipped < 0:
            if data[body : body + 8] != b"OpusHead":
                raise ValueError("no Opus")
            skipped = struct.unpack_from("<H", data, body + 10)[0]
        if body + size > len(data):
            raise ValueError("cut off")
        last, at, pages = max(last, position), body + size, pages + 1
    return (last - skipped) * 1000 // _OPUS_RATE


def _wav_millis(data: bytes) -> int:
    chunks = dict(_wav_chunks(data))
    form, _channels, _rate, a_second = struct.unpack_from("<HHII", data, chunks[b"fmt "][0])
    if form != _PCM:
        raise ValueError("not plain samples")
    return chunks[b"data"][1] * 1000 // int(a_second)


def _wav_chunks(data: bytes) -> Iterator[tuple[bytes, tuple[int, int]]]:
    """Name → where it begins, and how many of its bytes are there."""
    at = 12
    while at + 8 <= len(data):
        size = struct.unpack_from("<I", data, at + 4)[0]
        yield data[at : at + 4], (at + 8, min(size, len(data) - at - 8))
        at += 8 + size + size % 2


def _mp4_millis(data: bytes) -> int:
    """A container with sound and no pictures: the length of its longest track."""
    longest = 0
    for track in _boxes(data, *_inside(data, b"moov"), b"trak"):
        media = next(_boxes(data, *track, b"mdia"))
        handler = next(_boxes(data, *media, b"hdlr"))
        if data[handler[0] + 8 : handler[0] + 12] != b"soun":
            raise ValueError("more than sound")
        head = next(_boxes(data, *media, b"mdhd"))[0]
        if data[head]:
            scale, length = struct.unpack_from(">IQ", data, head + 20)
        else:
            scale, length = struct.unpack_from(">II", data, head + 12)
        longest = max(longest, int(length) * 1000 // int(scale))
    return longest


def _inside(data: bytes, name: bytes) -> tuple[int, int]:
    return next(_boxes(data, 0, len(data), name))


def _boxes(data: bytes, at: int, end: int, name: bytes) -> Iterator[tuple[int, int]]:
    """Where the contents of each box of a name begin and end; ValueError where there is none."""
    found = False
    for _ in range(_BOXES_MOST):
        if at + 8 > end:
            break
        size, kind = struct.unpack_from(">I4s", data, at)
        if size < _BOX_HEAD or at + size > end:
            raise ValueError("broken box")
        if kind == name:
            found = True
            yield at + 8, at + size
        at += size
    if not found:
        raise ValueError("no such box")


def _mp3_millis(data: bytes) -> int:
    """Every frame is counted; what is neither a frame nor a tag is no MP3."""
    at, length, frames = 0, 0.0, 0
    end = len(data) - 128 if data[-128:-125] == b"TAG" else len(data)
    while data[at : at + 3] == b"ID3":
        sizes = zip(data[at + 6 : at + _TAG_HEAD], (21, 14, 7, 0), strict=True)
        at += _TAG_HEAD + sum((byte & 0x7F) << shift for byte, shift in sizes)
    while at + 4 <= end:
        size, seconds = _mp3_frame(data[at : at + 4])
        at, length, frames = at + size, length + seconds, frames + 1
    if not frames:
        raise ValueError("no frame")
    return round(length * 1000)


def _mp3_frame(head: bytes) -> tuple[int, float]:
    """Bytes and seconds of a frame of layer III."""
    version, layer = (head[1] >> 3) & 3, (head[1] >> 1) & 3
    if head[0] != _SYNC or head[1] < _SYNC_MORE or version == _RESERVED or layer != _LAYER_3:
        raise ValueError("no frame")
    kbits = (_MP3_KBITS_1 if version == _VERSION_1 else _MP3_KBITS_2)[head[2] >> 4]
    rate = _MP3_RATES[version][(head[2] >> 2) & 3]
    samples = 1152 if version == _VERSION_1 else 576
    if not kbits:
        raise ValueError("no rate")
    return samples // 8 * kbits * 1000 // rate + ((head[2] >> 1) & 1), samples / rate
