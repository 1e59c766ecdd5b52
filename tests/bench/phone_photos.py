"""Photographs of 12 megapixels as phones send them: large, noisy, with the camera's metadata."""

import io
import random

from PIL import Image, ImageChops

from publicmeeting.seeder.pictures import painted

SIZE = 4032, 3024
FORMATS = ("JPEG", "PNG", "WEBP")
_TURNED = 6
_GRAIN = {"JPEG": 9, "PNG": 0, "WEBP": 6}
"""Amplitude of a sensor's noise; a noisier PNG would be too large to send."""
_OPTIONS: dict[str, dict[str, int]] = {
    "JPEG": {"quality": 93},
    "PNG": {"compress_level": 4},
    "WEBP": {"quality": 88, "method": 2},
}


def phone_photo(kind: str, seed: int) -> bytes:
    """Return a file of one of `FORMATS`, the same for a seed."""
    scene = Image.open(io.BytesIO(painted("pavement-0"))).resize(SIZE)
    rng, bands = random.Random(f"{seed}:{kind}"), []
    for band in scene.split():
        noise = Image.frombytes("L", SIZE, rng.randbytes(SIZE[0] * SIZE[1]))
        grain = noise.point([value * (2 * _GRAIN[kind] + 1) // 256 for value in range(256)])
        bands.append(ImageChops.add(band, grain, offset=-_GRAIN[kind]))
    exif = Image.Exif()
    exif[0x0112] = _TURNED
    exif[0x010F] = "Phone"
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    Image.merge("RGB", bands).save(out, kind, exif=exif, **_OPTIONS[kind])
    return out.getvalue()
