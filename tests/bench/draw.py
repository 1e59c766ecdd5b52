"""`bench draw`: a whole city's draws on one Wednesday, all of them verified three times."""

import json
import tempfile
import time
from pathlib import Path
from random import Random

from support.browser_scripts import copy_scripts

from bench.figures import Measured
from bench.tab import open_tab
from bench.verify import SEATS, check_in, check_standalone
from publicmeeting.domain.districts.city import DISTRICTS
from publicmeeting.kit.hashing import canonical_json
from publicmeeting.turns.draw_file import FROZEN_KEYS, drawn_file
from publicmeeting.turns.simulation import sample_draw
from publicmeeting.turns.verification import verify

LIMIT_S = 10


def measure(rows: int) -> list[Measured]:
    """Return the seconds to draw 22 districts of this many rows, and to verify them each way."""
    chance = Random("bench")
    files = [sample_draw(chance, rows, SEATS, district.number) for district in DISTRICTS]
    start = time.perf_counter()
    drawn = [_again(file) for file in files]
    drawing = time.perf_counter() - start
    differing = sum(one != file for one, file in zip(drawn, files, strict=True))
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent)
        draws = folder / "draws"
        draws.mkdir()
        for file in files:
            (draws / f"{file['draw']}.json").write_text(canonical_json(file), encoding="utf-8")
        product, wrong = _by_the_product(draws)
        standalone, status = check_standalone(*draws.iterdir())
        copy_scripts(folder)
        with open_tab(folder) as tab:
            checks = [check_in(tab, f"draws/{path.name}") for path in draws.iterdir()]
    return [
        Measured("districts", len(files), ""),
        Measured("rows of each", rows, ""),
        Measured("all draws", drawing, "s", LIMIT_S),
        Measured("draws that came out otherwise the second time", differing, "", 0),
        Measured("verified by the product", product, "s"),
        Measured("verified by the downloadable file", standalone, "s"),
        Measured("verified in the browser", sum(seconds for seconds, _ in checks), "s"),
        Measured("findings", wrong + status + sum(found for _, found in checks), "", 0),
    ]


def _again(file: dict[str, object]) -> dict[str, object]:
    frozen = {key: file[key] for key in FROZEN_KEYS}
    reveals = file["reveals"]
    assert isinstance(reveals, dict)
    return drawn_file(frozen, reveals, str(file["late_day"]), str(file["late_value"]))


def _by_the_product(folder: Path) -> tuple[float, int]:
    start = time.perf_counter()
    texts = (path.read_text(encoding="utf-8") for path in folder.iterdir())
    findings = sum(len(verify(json.loads(text))) for text in texts)
    return time.perf_counter() - start, findings
