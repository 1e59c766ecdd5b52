"""Read the city's data files that are shipped with the program."""

import json
from pathlib import Path
from typing import Any

_DATA = Path(__file__).with_name("data")


def read_data(name: str) -> Any:  # noqa: ANN401  (JSON; each reader builds its own frozen values)
    """Return the content of `data/<name>.json`."""
    return json.loads((_DATA / f"{name}.json").read_text(encoding="utf-8"))


def read_lines(name: str) -> list[str]:
    """Return the lines of `data/<name>.txt`, without comments."""
    text = (_DATA / f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
