"""`bench verify`: one draw recomputed by a browser on a slow phone and by the other verifiers."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from support.browser_scripts import copy_scripts

from bench.figures import Measured
from bench.phone import measure_in, publish
from bench.tab import Tab, open_tab
from publicmeeting.config import PROJECT
from publicmeeting.kit.hashing import canonical_json
from publicmeeting.turns.simulation import sample_draw
from publicmeeting.turns.verification import verify

ROWS, SEATS, DIGESTS = 5000, 40, 15_000
LIMIT_S = 3
SLOWER = 4
STANDALONE = PROJECT / "assets" / "verify_draw.py"

_CHECK = """(async () => {
  const { read, verifyDraw } = await import("/public/verify/check/verify.js");
  const text = await (await fetch("/%s")).text();
  const start = performance.now();
  const { findings } = verifyDraw(read(text));
  return [(performance.now() - start) / 1000, findings.length];
})()"""
_OWN = """(async () => {
  const { sha256 } = await import("/public/verify/check/verify.js");
  const start = performance.now();
  for (let i = 0; i < %d; i++) sha256(`publicmeeting/lot/v1 ${i} `.padEnd(160, "x"));
  return performance.now() - start;
})()"""
_BROWSERS = """(async () => {
  const encoder = new TextEncoder();
  const start = performance.now();
  for (let i = 0; i < %d; i++)
    await crypto.subtle.digest("SHA-256", encoder.encode(`lot ${i} `.padEnd(160, "x")));
  return performance.now() - start;
})()"""


def measure(rows: int) -> list[Measured]:
    """Return the seconds to verify one draw of this many rows, each way."""
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent)
        copy_scripts(folder)
        file = sample_draw(Random("bench"), rows, SEATS)
        path = folder / "draw.json"
        path.write_text(canonical_json(file), encoding="utf-8")
        wanted = publish(folder)
        with open_tab(folder) as tab:
            check_in(tab, path.name)  # not measured, because the first run also compiles
            tab.slow_down(SLOWER)
            phone = measure_in(tab, wanted, f"processor {SLOWER} times slower")
            slow, findings = check_in(tab, path.name)
            own, browsers = (_number(tab.evaluate(way % DIGESTS)) for way in (_OWN, _BROWSERS))
        start = time.perf_counter()
        findings += len(verify(json.loads(path.read_text(encoding="utf-8"))))
        product = time.perf_counter() - start
        standalone, status = check_standalone(path)
    slowly = f"processor {SLOWER} times slower"
    return [
        Measured("rows", rows, ""),
        Measured(f"in the browser, {slowly}", slow, "s", LIMIT_S),
        Measured(f"{DIGESTS} digests of ours, {slowly}", own, "ms"),
        Measured(f"{DIGESTS} digests of the browser's own, {slowly}", browsers, "ms"),
        Measured("by the product", product, "s"),
        Measured("by the downloadable file, its start included", standalone, "s"),
        Measured("findings", findings + status, "", 0),
        *phone,
    ]


def check_in(tab: Tab, name: str) -> tuple[float, int]:
    """Return the seconds and the number of findings for one file of the tab's folder."""
    answer = tab.evaluate(_CHECK % name)
    assert isinstance(answer, list)
    seconds, findings = map(_number, answer)
    return seconds, int(findings)


def _number(value: object) -> float:
    assert isinstance(value, int | float)
    return float(value)


def check_standalone(*paths: Path) -> tuple[float, int]:
    """Return the seconds and the exit code of the offline auditor over draw files or one copy."""
    start = time.perf_counter()
    command = [sys.executable, str(STANDALONE), *map(str, paths)]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    return time.perf_counter() - start, done.returncode
