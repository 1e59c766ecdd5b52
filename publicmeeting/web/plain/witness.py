"""Page of a witness: one script, a key that never leaves the browser, and no account."""

import functools
import json
import re
from collections.abc import Sequence
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publicmeeting.config import PROJECT
from publicmeeting.text.line import witness_text
from publicmeeting.web.plain import elements
from publicmeeting.web.plain.elements import el, link
from publicmeeting.web.plain.page import page

# Several scripts as one text of a plain page, so that its hash can be published.

_IMPORT = re.compile(r"^import (\{[^}]*\}) from \"([^\"]+)\";$", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:const|function|class) (\w+))", re.MULTILINE)
_NAME = re.compile(r"^export (?:async )?(?:const|function|class) (\w+)", re.MULTILINE)


@functools.cache
def bundled(scripts: Sequence[Path]) -> str:
    """Return the scripts as one text, each in its own scope; it may import from earlier ones.

    Raises ValueError if an imported script is not among the earlier ones.
    """
    return "const modules = {};\n" + "".join(
        _scope(script, [before.name for before in scripts[:at]])
        for at, script in enumerate(scripts)
    )


def _scope(script: Path, known: Sequence[str]) -> str:
    text = script.read_text(encoding="utf-8")

    def imported(found: re.Match[str]) -> str:
        name = Path(found[2]).name
        if name not in known:
            raise ValueError(f"{script.name} imports {name}, which does not stand before it")
        return f'const {found[1]} = modules["{name}"];'

    names = ", ".join(_NAME.findall(text))
    inside = _EXPORT.sub("", _IMPORT.sub(imported, text))
    return f'modules["{script.name}"] = (() => {{\n{inside}\nreturn {{ {names} }};\n}})();\n'


_SHELL = PROJECT / "publicmeeting" / "ui" / "shell"
_SCRIPTS = (
    *(_SHELL / name for name in ("sha256.js", "ed25519.js", "merkle.js", "note.js")),
    PROJECT / "publicmeeting" / "web" / "plain" / "witness.js",
)


@functools.cache
def witness_script() -> str:
    """Return the whole code of the page; the page shows its hash."""
    return bundled(_SCRIPTS)


async def show(_request: Request) -> Response:
    """Show the page; it is the same for all readers."""
    return page(
        witness_text.TITLE,
        elements.title(witness_text.TITLE),
        el("noscript", elements.notice(witness_text.NO_SCRIPT)),
        el("div", id="witness", data_words=json.dumps(witness_text.PAGE, ensure_ascii=False)),
        el("p", link(witness_text.COMMAND, "/witness.py"), class_="mt-8 no-print"),
        beside=link(witness_text.WATCH, "/ceremony/"),
        script=witness_script(),
    )


def routes() -> list[Route]:
    return [Route("/witness/", show)]
