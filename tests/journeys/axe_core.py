"""axe-core from npm, in the version of `axe/bun.lock`, adapted to Persian.

axe takes joined Persian letters for the ligatures of an icon font, and silently leaves such text
out of the contrast check. Here text with letters or digits of the Arabic script always counts as
text. `test_axe.py` proves on an unreadable page that the change works.
"""

import re
import shutil
import subprocess
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from playwright.sync_api import Page

from publicmeeting.cli.machine.environment import TOOLS, build_environment, provide_bun
from publicmeeting.config import PROJECT

AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
ONLY_COLOURS: dict[str, Any] = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
}
"""For `violations`: only those rules of axe whose answer depends on colours."""
_LISTED = Path(__file__).parent / "axe"
_FOLDER = PROJECT / "artifacts" / "axe"
_SKIPS = re.compile(r"(function _isIconLigature\(textVNode[^)]*\) \{)")
_PERSIAN = (
    r" if (/[\u0600-\u06FF\u0750-\u077F\uFB50-\uFDFF\uFE70-\uFEFC]/"
    ".test(textVNode.actualNode.nodeValue)) return false;"
)


def axe_source() -> str:
    """Install axe-core if needed and return its script, changed for Persian.

    It is made half as long, since every page that is judged reads it again.
    """
    _FOLDER.mkdir(parents=True, exist_ok=True)
    for file in ("package.json", "bun.lock"):
        shutil.copyfile(_LISTED / file, _FOLDER / file)
    provide_bun()
    subprocess.run(
        [TOOLS / "bun", "install", "--frozen-lockfile", "--silent"],
        cwd=_FOLDER,
        env=build_environment(),
        stdin=subprocess.DEVNULL,
        check=True,
    )
    script = (_FOLDER / "node_modules" / "axe-core" / "axe.js").read_text(encoding="utf-8")
    cured, places = _SKIPS.subn(lambda found: found[1] + _PERSIAN, script)
    assert places == 1, "axe-core tells icons from text elsewhere now"
    with NamedTemporaryFile("w", suffix=".js", encoding="utf-8") as whole:
        whole.write(cured)
        whole.flush()
        minify = [TOOLS / "bun", "build", whole.name, "--minify", "--no-bundle"]
        made = subprocess.run(minify, env=build_environment(), capture_output=True, check=True)
    return made.stdout.decode()


def violations(page: Page, axe: str, **only: Any) -> list[str]:
    """Return what the page does wrong, one line an element: rule, element, what is expected."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe)
    found = page.evaluate(
        "(options) => axe.run(document, options)",
        {"runOnly": {"type": "tag", "values": AA}, "resultTypes": ["violations"], **only},
    )
    return [
        f"{rule['id']} ({rule['impact']}): {' '.join(map(str, node['target']))}: "
        f"{node['html'][:160]}: {' '.join((node['failureSummary'] or '').split())[:220]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
