"""Pages are imported in half the time."""

import inspect

_FILES = ("importlib._bootstrap", "importlib._bootstrap_external")


def name_the_import_system() -> None:
    """Let `inspect` know which modules the frames of an import belong to.

    Reflex asks it at each script of a page for everybody up the stack, and for these frames, which
    have no file, it would search all modules each time.
    """
    known: dict[str, str] = vars(inspect)["modulesbyfile"]
    known.update({f"<frozen {name}>": name for name in _FILES})
