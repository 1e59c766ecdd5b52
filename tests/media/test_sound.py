"""Recordings made by phones: their length is read, and silence or too much is refused."""

import struct

import pytest

from publicmeeting.config import PROJECT
from publicmeeting.domain.errors import Invalid
from publicmeeting.media.intake.sound import take_sound

SCALE = 44_100
A_SECOND = 8_000
"""Bytes of a second of speech in AAC."""


def box(kind: bytes, *inside: bytes) -> bytes:
    body = b"".join(inside)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def track(length: int, codec: bytes = b"mp4a", handler: bytes = b"soun") -> bytes:
    media = box(
        b"mdia",
        box(b"mdhd", struct.pack(">IIIII", 0, 0, 0, SCALE, length)),
        box(b"hdlr", bytes(8), handler, bytes(13)),
        box(b"minf", box(b"stbl", box(b"stsd", bytes(7), b"\1", box(codec, bytes(28))))),
    )
    return box(b"trak", media)


def m4a(seconds: float, size: int = -1, **about: bytes) -> bytes:
    """Return an M4A with its index after the sound, as phones write it."""
    sound = b"\x21" * (int(seconds * A_SECOND) if size < 0 else size)
    moov = box(b"moov", track(int(seconds * SCALE), **about))
    return box(b"ftyp", b"M4A \0\0\0\0") + box(b"mdat", sound) + moov


def in_pieces(seconds: float, size: int = -1, *, each: bool = False) -> bytes:
    """Return an M4A as a browser records it, with lengths only in its pieces."""
    many = round(seconds * SCALE / 1024)
    extends = box(b"mvex", box(b"trex", struct.pack(">IIIIII", 0, 1, 1, 0 if each else 1024, 0, 0)))
    run = struct.pack(">III", 0x301 if each else 0x1, many, 0)
    run += struct.pack(">II", 1024, 4) * many if each else b""
    head = box(b"tfhd", struct.pack(">II", 0x20000, 1))
    piece = box(b"moof", box(b"mfhd", bytes(8)), box(b"traf", head, box(b"trun", run)))
    sound = b"\x21" * (int(seconds * A_SECOND) if size < 0 else size)
    start = box(b"ftyp", b"iso5\0\0\0\0") + box(b"moov", track(0), extends)
    return start + piece + box(b"mdat", sound)


def wav(loudest: int, seconds: float = 1.0, rate: int = 8000, stated: int = 2) -> bytes:
    samples = struct.pack("<hh", loudest, -loudest) * int(seconds * rate / 2)
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, rate * stated, 2, 16)
    inside = b"WAVE" + form + struct.pack("<4sI", b"data", len(samples)) + samples
    return b"RIFF" + struct.pack("<I", len(inside)) + inside


def silent_mp3(frames: int = 40) -> bytes:
    """Return what an encoder makes of silence: frames of full size with empty granules."""
    return (b"\xff\xfb\x50\xc4" + bytes(204)) * frames


def refused(data: bytes) -> str:
    with pytest.raises(Invalid) as word:
        take_sound(data)
    return word.value.key


@pytest.mark.parametrize("made", [m4a(1.5), in_pieces(1.5), in_pieces(1.5, each=True)])
def test_what_a_telephone_records_is_taken(made: bytes) -> None:
    sound = take_sound(made)
    assert sound.kind == "audio/mp4"
    assert 1_450 < sound.millis < 1_550


@pytest.mark.parametrize(
    "silent",
    [m4a(2, size=200), in_pieces(2, size=200), wav(0), wav(300), silent_mp3(), m4a(0.05)],
    ids=["m4a", "pieces", "wav", "quiet room", "mp3", "short"],
)
def test_a_recording_in_which_nobody_speaks_is_refused(silent: bytes) -> None:
    assert refused(silent) == "sound_short"


@pytest.mark.parametrize(
    "long", [m4a(8.1), in_pieces(20), wav(9_000, 8.1), wav(9_000, 30, stated=99)]
)
def test_one_that_is_too_long_is_refused_by_its_length(long: bytes) -> None:
    assert refused(long) == "sound_long"


@pytest.mark.parametrize(
    "made",
    [m4a(1, codec=b"alac"), m4a(1, handler=b"vide"), m4a(1)[:-30], box(b"ftyp", b"M4A ")],
    ids=["lossless", "film", "cut off", "nothing"],
)
def test_what_a_screen_does_not_play_is_refused(made: bytes) -> None:
    assert refused(made) == "sound_kind"


def test_a_piece_that_names_more_samples_than_it_has_costs_nothing() -> None:
    lying = in_pieces(1.0).replace(
        struct.pack(">II", 0x1, round(SCALE / 1024)), struct.pack(">II", 0x1, 0xFFFFFFFF)
    )
    assert refused(lying) == "sound_kind"


def test_a_piece_about_the_samples_that_is_cut_off_is_refused() -> None:
    loud, form = b"\x10\x7f" * 8_000, struct.pack("<HHII", 1, 1, 8_000, 16_000)
    parts = ((b"data", loud), (b"fmt ", form))
    body = b"".join(name + struct.pack("<I", len(part)) + part for name, part in parts)
    assert refused(b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body) == "sound_kind"


@pytest.mark.parametrize("name", ["n07.opus", "n07.mp3", "ready.mp3", "room.opus"])
def test_every_shipped_voice_is_heard(name: str) -> None:
    assert take_sound((PROJECT / "assets" / "voice" / name).read_bytes()).millis > 0
    assert take_sound(wav(3_000)).millis == 1_000
