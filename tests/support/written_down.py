"""A list that is checked in, compared line by line, so that a review sees each change."""

from collections.abc import Iterable
from difflib import unified_diff
from pathlib import Path

from publicmeeting.config import PROJECT


def compare_written(path: Path, lines: Iterable[str], how: str) -> None:
    """Fail with every line that `path` lacks (+) or has too much (-), and with how to mend it."""
    name = str(path.relative_to(PROJECT))
    written = path.read_text(encoding="utf-8").splitlines()
    differing = list(unified_diff(written, list(lines), name, "the program", "", "", 0, ""))
    assert not differing, "\n".join([f"{name} is not what the program has. {how}", *differing])
