"""Links from the build's assets to scripts that lie beside the modules of their components."""

import os
import sys
from pathlib import Path

from reflex_base.constants import Dirs
from reflex_base.environment import EnvironmentVariables

from publicmeeting.config import PROJECT


def link_script(module: str, name: str) -> str:
    """Link the file `name` beside a module into the build's assets and return its import path.

    Raises FileNotFoundError if there is no such file. `rx.asset` returns the same, but it looks for
    the module in the stack and reads the source of every frame. During an import that took a third
    of a server's start.
    """
    source = Path(sys.modules[module].__file__ or "").with_name(name)
    if not source.exists():
        raise FileNotFoundError(source)
    place = f"{Dirs.EXTERNAL_APP_ASSETS}/{module.replace('.', '/')}/{name}"
    if not EnvironmentVariables.REFLEX_BACKEND_ONLY.get():
        _link(PROJECT / Dirs.APP_ASSETS / place, source)
    return f"$/{Dirs.PUBLIC}/{place}"


def _link(link: Path, source: Path) -> None:
    """Create the link atomically: several processes may import the pages at once."""
    if link.is_symlink() and link.readlink() == source:
        return
    link.parent.mkdir(parents=True, exist_ok=True)
    draft = link.with_name(f".{os.getpid()}")
    draft.unlink(missing_ok=True)
    draft.symlink_to(source)
    draft.replace(link)
