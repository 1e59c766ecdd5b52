"""Eight of the largest allowed files at once take less than 300 MB of memory."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from test_intake import BOMB

TESTS = Path(__file__).parents[1]
MEGABYTE = 1 << 20
PHONE = 4032, 3024
FORTY_MEGAPIXELS = 7290, 5480


def noise(size: tuple[int, int], mode: str = "RGB") -> Image.Image:
    """Return an image that compresses as badly as a real photo; scaled up, to be made quickly."""
    small = size[0] // 4, size[1] // 4
    data = random.Random(7).randbytes(small[0] * small[1] * 3)
    return Image.frombytes("RGB", small, data).resize(size).convert(mode)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("files")

    def saved(name: str, image: Image.Image, kind: str, **options: object) -> None:
        image.save(folder / name, kind, **options)

    flat = Image.new("RGBA", FORTY_MEGAPIXELS, (20, 90, 90, 128))
    photograph = noise(PHONE)
    saved("phone.jpg", photograph, "JPEG", quality=90)
    saved("phone.webp", photograph, "WEBP", quality=80, method=0)
    saved("clear.png", flat, "PNG", compress_level=1)
    saved("many passes.jpg", flat.convert("RGB"), "JPEG", progressive=True)
    saved("large.webp", flat.crop((0, 0, 4300, 3200)), "WEBP", method=0)
    saved("deep.png", Image.new("I;16", FORTY_MEGAPIXELS, 40_000), "PNG", compress_level=1)
    saved("too large.webp", flat.crop((0, 0, 5000, 5000)).convert("RGB"), "WEBP", method=0)
    saved("print.jpg", flat.convert("CMYK"), "JPEG", progressive=True, subsampling=0)
    whole = (folder / "phone.jpg").read_bytes()
    (folder / "half.jpg").write_bytes(whole[: len(whole) * 2 // 3])
    (folder / "hides.jpg").write_bytes(whole + b"PK\x05\x06" + bytes(18))
    (folder / "bomb.png").write_bytes(BOMB)
    (folder / "hundred.jpg").write_bytes(whole + bytes(100 * MEGABYTE))
    return {path.name: path for path in folder.iterdir()}


BATCHES = {
    "large": {
        "clear.png": "201",
        "deep.png": "201",
        "large.webp": "201",
        "many passes.jpg": "201",
        "phone.jpg": "201",
        "phone.webp": "201",
        "hundred.jpg": "photo_too_large",
        "half.jpg": "photo_damaged",
    },
    "hostile": {
        "too large.webp": "photo_too_many_pixels",
        "print.jpg": "photo_too_many_pixels",
        "hides.jpg": "photo_hides",
        "bomb.png": "photo_too_many_pixels",
        "hundred.jpg": "photo_too_large",
        "half.jpg": "photo_damaged",
        "phone.jpg": "201",
        "phone.webp": "201",
    },
}


@pytest.mark.parametrize("batch", BATCHES)
def test_eight_at_once_stay_below_300_megabytes(
    files: dict[str, Path], tmp_path: Path, batch: str
) -> None:
    expected = BATCHES[batch]
    ended = subprocess.run(
        [sys.executable, "-m", "support.hungry", str(tmp_path)]
        + [str(files[name]) for name in expected],
        cwd=TESTS,
        env={"PYTHONPATH": f"{TESTS}:{TESTS.parent}", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stderr == ""
    measured = json.loads(ended.stdout)
    assert dict(zip(expected, measured["answers"], strict=True)) == expected
    assert measured["grown"] < 300
