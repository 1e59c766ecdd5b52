"""Short recordings for a hall: their type and length, read from the bytes.

Names and declared types are ignored, and nothing is decoded. The length is counted in the
container, frame by frame or page by page, so a false header has no effect. Digital silence is
detected: plain samples near zero, or frames without content. A quiet room encoded as MP3 or AAC is
not detected. The page decodes recordings before it sends them (`web/hall/settings.js`), and a
person who bypasses that hears the silence in the hall.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from publicmeeting.domain.errors import Invalid
from publicmeeting.domain.meetings.voice import LARGEST_KIB, LONGEST_SECONDS

LARGEST = LARGEST_KIB * 1024
LEAST_MILLIS = 100
_FIELD = "sound"
_OPUS_RATE = 48_000
_MP3_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_MP3_KBITS_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MP3_KBITS_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_BOXES_MOST = 200
_PAGES_MOST = 20_000
_PCM, _PCM_BITS = 1, 16
_LOUD = bytes(range(2, 254))
"""High bytes of a 16-bit sample that is louder than 1/64 of the maximum."""
_LEAST_A_SECOND = 500
"""Minimum bytes per second of Opus or AAC; quiet speech needs more, digital silence less."""
_CODECS = frozenset({b"mp4a"})
"""Codecs in MP4 that browsers and televisions play; a phone's lossless recording is not one."""
_TFHD_BASE, _TFHD_DESCRIPTION, _TFHD_DURATION = 0x1, 0x2, 0x8
_TRUN_OFFSET, _TRUN_FLAGS, _TRUN_DURATION = 0x1, 0x4, 0x100
_TRUN_FIELDS = (_TRUN_DURATION, 0x200, 0x400, 0x800)
_BOX_HEAD = 8
_TAG_HEAD = 10
_SYNC, _SYNC_MORE = 0xFF, 0xE0
_VERSION_1, _RESERVED, _LAYER_3, _MONO = 3, 1, 1, 3


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording that a browser can play."""

    data: bytes
    kind: str
    """Media type."""
    millis: int


def take_sound(data: bytes) -> Sound:
    """Check a recording.

    Raises Invalid: `sound_large`, `sound_kind`, `sound_short`, `sound_long`.
    """
    if len(data) > LARGEST:
        raise Invalid("sound_large", field=_FIELD, limit=LARGEST_KIB)
    try:
        kind, millis = _kind_and_length(data)
        is_length = LEAST_MILLIS <= millis <= LONGEST_SECONDS * 1000
        is_silent = is_length and _is_silent(data, millis)
    except (struct.error, LookupError, ValueError, ZeroDivisionError, StopIteration):
        raise Invalid("sound_kind", field=_FIELD) from None
    if millis < LEAST_MILLIS or is_silent:
        raise Invalid("sound_short", field=_FIELD)
    if millis > LONGEST_SECONDS * 1000:
        raise Invalid("sound_long", field=_FIELD, limit=LONGEST_SECONDS)
    return Sound(data, kind, millis)


def _is_silent(data: bytes, millis: int) -> bool:
    if data[:4] == b"RIFF":
        chunks = dict(_wav_chunks(data))
        at, size = chunks[b"data"]
        bits = struct.unpack_from("<H", data, chunks[b"fmt "][0] + 14)[0]
        return bits == _PCM_BITS and not any(one in _LOUD for one in data[at + 1 : at + size : 2])
    if data[:4] == b"OggS":
        return len(data) * 1000 // millis < _LEAST_A_SECOND
    if data[4:8] == b"ftyp":
        inside = sum(end - at for at, end in _boxes(data, 0, len(data), b"mdat"))
        return inside * 1000 // millis < _LEAST_A_SECOND
    return not any(_mp3_sounds(data))


def _kind_and_length(data: bytes) -> tuple[str, int]:
    if data[:4] == b"OggS":
        return "audio/ogg", _ogg_millis(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return "audio/wav", _wav_millis(data)
    if data[4:8] == b"ftyp":
        return "audio/mp4", _mp4_millis(data)
    return "audio/mpeg", _mp3_millis(data)


def _ogg_millis(data: bytes) -> int:
    """Return the length of an Opus file in milliseconds.

    It is the position of the last page, at 48 kHz, minus the samples to skip.
    """
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
    form, channels, rate, *_, bits = struct.unpack_from("<HHIIHH", data, chunks[b"fmt "][0])
    if form != _PCM:
        raise ValueError("not plain samples")
    return chunks[b"data"][1] * 8000 // int(channels * rate * bits)  # players read no other length


def _wav_chunks(data: bytes) -> Iterator[tuple[bytes, tuple[int, int]]]:
    """Yield each chunk's name, with its start and the number of its bytes that exist."""
    at = 12
    while at + 8 <= len(data):
        size = struct.unpack_from("<I", data, at + 4)[0]
        yield data[at : at + 4], (at + 8, min(size, len(data) - at - 8))
        at += 8 + size + size % 2


def _mp4_millis(data: bytes) -> int:
    """Return the length of the longest track of a container with sound and no pictures."""
    longest = 0
    for track in _boxes(data, *_inside(data, b"moov"), b"trak"):
        media = next(_boxes(data, *track, b"mdia"))
        handler = next(_boxes(data, *media, b"hdlr"))
        if data[handler[0] + 8 : handler[0] + 12] != b"soun":
            raise ValueError("more than sound")
        if _codec(data, media) not in _CODECS:
            raise ValueError("a codec that is not played")
        head = next(_boxes(data, *media, b"mdhd"))[0]
        if data[head]:
            scale, length = struct.unpack_from(">IQ", data, head + 20)
        else:
            scale, length = struct.unpack_from(">II", data, head + 12)
        # A fragmented recording has its lengths only in the fragments.
        length = int(length) or _in_pieces(data)
        longest = max(longest, length * 1000 // int(scale))
    return longest


def _codec(data: bytes, media: tuple[int, int]) -> bytes:
    inside = next(_boxes(data, *next(_boxes(data, *media, b"minf")), b"stbl"))
    table = next(_boxes(data, *inside, b"stsd"))
    return data[table[0] + 12 : table[0] + 16]


def _in_pieces(data: bytes) -> int:
    """Return the length of a fragmented file in its track's units; 0 without fragments."""
    if b"moof" not in data:
        return 0
    whole = next(_boxes(data, *_inside(data, b"moov"), b"mvex"))
    usual = struct.unpack_from(">I", data, next(_boxes(data, *whole, b"trex"))[0] + 12)[0]
    length = 0
    for piece in _boxes(data, 0, len(data), b"moof"):
        for track in _boxes(data, *piece, b"traf"):
            each = _usual_of(data, next(_boxes(data, *track, b"tfhd"))[0]) or int(usual)
            length += sum(_of_run(data, run, each) for run, _ in _boxes(data, *track, b"trun"))
    return length


def _usual_of(data: bytes, head: int) -> int:
    flags = struct.unpack_from(">I", data, head)[0] & 0xFFFFFF
    if not flags & _TFHD_DURATION:
        return 0
    at = head + 8 + 8 * bool(flags & _TFHD_BASE) + 4 * bool(flags & _TFHD_DESCRIPTION)
    return int(struct.unpack_from(">I", data, at)[0])


def _of_run(data: bytes, run: int, usual: int) -> int:
    """Return the duration of one run: each sample's own, or the default for all."""
    flags, count = struct.unpack_from(">II", data, run)
    flags &= 0xFFFFFF
    if count > len(data):
        raise ValueError("more samples than bytes")
    if not flags & _TRUN_DURATION:
        return int(count) * usual
    at = run + 8 + 4 * bool(flags & _TRUN_OFFSET) + 4 * bool(flags & _TRUN_FLAGS)
    step = 4 * sum(bool(flags & field) for field in _TRUN_FIELDS)
    return sum(struct.unpack_from(">I", data, at + n * step)[0] for n in range(count))


def _inside(data: bytes, name: bytes) -> tuple[int, int]:
    return next(_boxes(data, 0, len(data), name))


def _boxes(data: bytes, at: int, end: int, name: bytes) -> Iterator[tuple[int, int]]:
    """Yield start and end of the content of each box with this name; raises ValueError for none."""
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
    """Return the sum of all frames; data that are neither frame nor tag are an error."""
    length, frames = 0.0, 0
    for _, seconds in _mp3_frames(data):
        length, frames = length + seconds, frames + 1
    if not frames:
        raise ValueError("no frame")
    return round(length * 1000)


def _mp3_frames(data: bytes) -> Iterator[tuple[int, float]]:
    """Yield where each frame begins, and its duration in seconds."""
    at = 0
    end = len(data) - 128 if data[-128:-125] == b"TAG" else len(data)
    while data[at : at + 3] == b"ID3":
        sizes = zip(data[at + 6 : at + _TAG_HEAD], (21, 14, 7, 0), strict=True)
        at += _TAG_HEAD + sum((byte & 0x7F) << shift for byte, shift in sizes)
    while at + 4 <= end:
        size, seconds = _mp3_frame(data[at : at + 4])
        yield at, seconds
        at += size


def _mp3_sounds(data: bytes) -> Iterator[bool]:
    """Yield for each frame whether its first granule has content (ISO 11172-3, 2.4.1.7)."""
    for at, _ in _mp3_frames(data):
        is_first, is_mono = (data[at + 1] >> 3) & 3 == _VERSION_1, data[at + 3] >> 6 == _MONO
        side = at + 4 + 2 * (not data[at + 1] & 1)
        before = (18 if is_mono else 20) if is_first else (9 if is_mono else 10)
        bits = int.from_bytes(data[side : side + 4].ljust(4, b"\0"), "big")
        yield bool(bits >> (32 - before - 12) & 0xFFF)


def _mp3_frame(head: bytes) -> tuple[int, float]:
    """Return bytes and seconds of a layer III frame."""
    version, layer = (head[1] >> 3) & 3, (head[1] >> 1) & 3
    if head[0] != _SYNC or head[1] < _SYNC_MORE or version == _RESERVED or layer != _LAYER_3:
        raise ValueError("no frame")
    kbits = (_MP3_KBITS_1 if version == _VERSION_1 else _MP3_KBITS_2)[head[2] >> 4]
    rate = _MP3_RATES[version][(head[2] >> 2) & 3]
    samples = 1152 if version == _VERSION_1 else 576
    if not kbits:
        raise ValueError("no rate")
    return samples // 8 * kbits * 1000 // rate + ((head[2] >> 1) & 1), samples / rate
