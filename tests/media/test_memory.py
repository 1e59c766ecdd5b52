"""Eight of the largest allowed files at once take less than 300 MB of memory."""

import json
import os
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

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


def of_header(path: Path, size: tuple[int, int]) -> None:
    """Write another size into the header of a progressive JPEG, by which it is refused."""
    width, height = (side.to_bytes(2, "big") for side in size)
    header = rb"(?s)(\xff\xc2...).{4}"
    changed, times = re.subn(header, rb"\g<1>" + height + width, path.read_bytes(), count=1)
    assert times == 1
    path.write_bytes(changed)


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
    small = flat.crop((0, 0, 64, 64)).convert("CMYK")
    saved("print.jpg", small, "JPEG", progressive=True, subsampling=0)
    of_header(folder / "print.jpg", FORTY_MEGAPIXELS)
    whole = (folder / "phone.jpg").read_bytes()
    (folder / "half.jpg").write_bytes(whole[: len(whole) * 2 // 3])
    (folder / "hides.jpg").write_bytes(whole + b"PK\x05\x06" + bytes(18))
    (folder / "bomb.png").write_bytes(BOMB)
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "hundred.jpg").write_bytes(whole)
    os.truncate(folder / "hundred.jpg", len(whole) + 100 * MEGABYTE)
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
        "empty.jpg": "photo_empty",
        "phone.jpg": "201",
    },
}


@pytest.fixture(scope="module")
def measured(
    files: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Any]]:
    """What the process prints about each batch; it imports the program once."""
    words: list[str] = []
    for batch, expected in BATCHES.items():
        words += [",", str(tmp_path_factory.mktemp(batch)), *(str(files[one]) for one in expected)]
    ended = subprocess.run(
        [sys.executable, "-m", "support.hungry", *words[1:]],
        cwd=TESTS,
        env={"PYTHONPATH": f"{TESTS}:{TESTS.parent}", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stderr == ""
    return dict(zip(BATCHES, map(json.loads, ended.stdout.splitlines()), strict=True))


@pytest.mark.parametrize("batch", BATCHES)
def test_eight_at_once_stay_below_300_megabytes(
    measured: dict[str, dict[str, Any]], batch: str
) -> None:
    expected = BATCHES[batch]
    assert dict(zip(expected, measured[batch]["answers"], strict=True)) == expected
    assert measured[batch]["grown"] < 300
