"""The offline auditor as a module for tests, with copies of the log in memory."""

import importlib.util
import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from functools import cache, lru_cache
from unittest.mock import patch

from contract.project_files import PROJECT

PATH = PROJECT / "assets" / "verify_draw.py"


def _load():
    spec = importlib.util.spec_from_file_location("verify_draw", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


program = _load()
program.is_signed = lru_cache(maxsize=None)(program.is_signed)
"""Cached, because forged books share most of their signatures."""


def command(*words):
    """Run the command line in this process; return its exit code and everything it printed.

    It costs a tenth of a second process. An error that would end the program is raised.
    """
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    argv = [str(PATH), *map(str, words)]
    with patch.object(sys, "argv", argv), redirect_stdout(out), redirect_stderr(out):
        try:
            status = program.main()
        except SystemExit as end:  # argparse refuses the words
            status = end.code
    return status, out.buffer.getvalue().decode()


class Memory(program.Folder):
    """A copy of the log in memory: path → bytes."""

    def __init__(self, paths):
        self.files = {name: lambda data=data: data for name, data in paths.items()}
        self.top, self.has_log = "", True


def books_of(history, paths=()):
    """Return the auditor over a history; `paths` replace its files, None removes one."""
    whole = {**dict(history.paths()), **dict(paths)}
    whole = {name: data for name, data in whole.items() if data is not None}
    return program.Books(Memory(whole))


def audit(history, *notes, paths=()):
    """Return every finding about a history, and about receipts or checkpoints of a user."""
    books = books_of(history, paths)
    for note in notes:
        books.prove(note.encode())
    return books.found


def codes(found):
    return {one.code for one in found}


def faults(found):
    return codes(found) - program.NOTES


@cache
def fine(history_of, seed):
    """Return what is noted of an honest history, as sorted codes."""
    return sorted(one.code for one in audit(history_of(seed)))
