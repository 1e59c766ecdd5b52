"""Sound recordings for tests, made byte by byte."""

_FRAME_BYTES = 104
"""Bytes of a frame of layer III at 32 kbit/s and 44.1 kHz."""
_MILLIS_A_FRAME = 1152 / 44.1
_QUADS = 40
"""Bits of a granule: ten groups of four values, each coded as 1111, which means four zeros."""


def silent_mp3(seconds: float = 1.0) -> bytes:
    """Return an MP3 of silence that must be decoded: each frame holds values, all of them zero."""
    granule = f"{_QUADS:012b}" + "0" * 46 + "1"
    side = int("0" * 18 + granule * 2, 2).to_bytes(17, "big")
    frame = b"\xff\xfb\x10\xc0" + side
    frame += b"\xff" * (2 * _QUADS // 8)
    frame += bytes(_FRAME_BYTES - len(frame))
    return frame * round(seconds * 1000 / _MILLIS_A_FRAME)
