"""Several scripts of ours as the one text that a plain page carries, whose hash can be stated."""

import functools
import re
from collections.abc import Sequence
from pathlib import Path

_IMPORT = re.compile(r"^import (\{[^}]*\}) from \"([^\"]+)\";$", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:const|function|class) (\w+))", re.MULTILINE)
_NAME = re.compile(r"^export (?:async )?(?:const|function|class) (\w+)", re.MULTILINE)


@functools.cache
def bundled(scripts: Sequence[Path]) -> str:
    """Each module in a scope of its own; one may import by name what stands before it.

    ValueError for a module that is imported and was not given.
    """
    return "const modules = {};\n" + "".join(
        _scope(one, [before.name for before in scripts[:at]]) for at, one in enumerate(scripts)
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
