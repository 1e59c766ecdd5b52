"""Recordings for tests, made byte by byte."""

_FRAME_BYTES = 104
"""Of layer III at 32 kbit/s and 44.1 kHz."""
_MILLIS_A_FRAME = 1152 / 44.1
_QUADS = 40
"""Bits of a granule: ten groups of four values, each written as «1111», which is four times 0."""


def silent_mp3(seconds: float = 1.0) -> bytes:
    """An MP3 whose every frame holds values, all of them zero: only whoever decodes it hears that
    it is silent."""
    granule = f"{_QUADS:012b}" + "0" * 46 + "1"
    side = int("0" * 18 + granule * 2, 2).to_bytes(17, "big")
    frame = b"\xff\xfb\x10\xc0" + side
    frame += b"\xff" * (2 * _QUADS // 8)
    frame += bytes(_FRAME_BYTES - len(frame))
    return frame * round(seconds * 1000 / _MILLIS_A_FRAME)
