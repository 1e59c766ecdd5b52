"""Ends a command with one sentence if a cause outside the program prevents it."""

import argparse
import errno
import os
import select
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from publicmeeting.config import SettingsError
from publicmeeting.domain.errors import Refusal, Unavailable

INTERRUPTED = 128 + signal.SIGINT
READER_LOST = 128 + signal.SIGPIPE
"""Exit codes of commands that did not end by themselves."""
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


NOT_NOW = {
    "clock_wrong": "This machine's clock is not the database's: put it right and try again.",
    "clock_behind": "This machine's clock is behind what the city has done: put it right first.",
    "log_behind": "This database has less of the public log than was signed: see log fill.",
    "log_newer": "The public log has entries of a newer release: start that release.",
    "storage_full": "The disk of the database or of the files is full: make room and try again.",
    "too_busy": "The database is busy: try again.",
}
"""Sentence for each refusal that any command may meet; nothing was changed then."""


class StopError(Exception):
    """One sentence for the engineer at the terminal: what happened and what to do."""


def new_file(text: str) -> Path:
    """Return the path of a file that a command writes; an error of use where it cannot be.

    A type for argparse, so that nobody waits for a result that has no place.
    """
    file = Path(text)
    if file.is_dir():
        raise argparse.ArgumentTypeError(f"{text} is a folder: name a file")
    if not file.parent.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {file.parent}: make it first")
    return file


def write_whole(file: Path, text: str) -> None:
    """Write a text; what a full disk or an interruption left of it is removed."""
    with file.open("w", encoding="utf-8") as opened:
        try:
            opened.write(text)
            opened.flush()
        except BaseException:
            if file.is_file():
                file.unlink()
            raise


def open_closed_streams() -> None:
    """Open the null device for each standard stream that a supervisor has closed.

    Python has None in its place, and the next file would get its number.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))


def is_text(word: str) -> bool:
    """Whether the bytes of an argument or a line were text; Python marks the others."""
    return not any("\ud800" <= sign <= "\udfff" for sign in word)


def line_from_stdin() -> str:
    """Return the first line of standard input; raises StopError if it is not text."""
    try:
        line = sys.stdin.readline().rstrip("\r\n")
    except UnicodeDecodeError:
        line = "\udcff"
    if not is_text(line):
        raise StopError("Standard input is not UTF-8 text. Nothing was changed.")
    return line


def by_problem(problems: Mapping[int, str]) -> list[str]:
    """Return one sentence for each problem of a table, with the numbers of its lines.

    One wrong column makes the same mistake in every line, and would hide the others.
    """
    lines: dict[str, list[int]] = {}
    for line, problem in sorted(problems.items()):
        lines.setdefault(problem, []).append(line)
    return [f"Line{'s' * (len(at) > 1)} {_spans(at)}: {what}." for what, at in lines.items()]


def _spans(numbers: Sequence[int]) -> str:
    """Return ascending numbers as "2, 4 to 9"."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][-1] + 1:
            spans[-1] = [spans[-1][0], number]
        else:
            spans.append([number])
    return ", ".join(" to ".join(map(str, span)) for span in spans)


@contextmanager
def in_words(words: dict[str, str]) -> Iterator[None]:
    """Turn a refusal into the sentence of its key, in `words` or `NOT_NOW`."""
    try:
        yield
    except Refusal as refusal:
        raise StopError((NOT_NOW | words)[refusal.key].format(**refusal.facts)) from None


@contextmanager
def reading_table(file: Path, columns: Sequence[str]) -> Iterator[None]:
    """Turn what reading a table with these columns raises into one sentence."""
    words = {
        "table_encoding": "{file} is not UTF-8: save the table as CSV UTF-8.",
        "table_head": "The first line of {file} must be: {columns}",
        "table_empty": "{file} names no account.",
        "table_broken": "{file} is no table: save it as CSV UTF-8.",
    }
    try:
        yield
    except Refusal as refusal:
        sentence = words[refusal.key].format(file=file, columns=",".join(columns))
        raise StopError(sentence) from None
    except OSError as problem:
        raise StopError(f"{file} cannot be read: {problem.strerror}.") from None


def interrupt_on_signals() -> None:
    """Turn Ctrl-C, SIGTERM and SIGHUP into KeyboardInterrupt, so that children are stopped.

    After nohup, SIGHUP is still ignored. A Ctrl-C that the launcher has held back acts here.
    """
    for number in _SIGNALS:
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupt)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Ignore these signals until the block ends, for a few statements that must not be left out."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def without_traceback(perform: Callable[[], int | None]) -> int:
    """Run a command and return its exit code; a refusal is printed without a traceback."""
    try:
        code = perform() or 0
        _flush()
    except BrokenPipeError:
        if not _has_lost_its_reader():
            raise
        return READER_LOST
    except (StopError, SettingsError) as reason:
        print(reason, file=sys.stderr)
    except OSError as error:
        sentence = sentence_for(error)
        if sentence is None:
            raise
        print(sentence, file=sys.stderr)
    except Exception as error:
        sentence = NOT_NOW[error.key] if isinstance(error, Unavailable) else of_the_database(error)
        if sentence is None:
            raise
        print(sentence, file=sys.stderr)
    except KeyboardInterrupt:
        return INTERRUPTED
    else:
        return code
    return 1


def _flush() -> None:
    """Write what is still buffered. The command is complete, so a lost reader changes nothing."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        if not _has_lost_its_reader():
            raise


def _has_lost_its_reader() -> bool:
    """Return whether nobody reads the output any more, as after `| head`; then drop the rest."""
    output = sys.stdout.fileno()
    pipe = select.poll()
    pipe.register(output, 0)
    if not pipe.poll(0):
        return False
    os.dup2(os.open(os.devnull, os.O_WRONLY), output)
    return True


def of_the_database(error: Exception) -> str | None:
    """Return the sentence for a database error; None for any other error.

    Compared by name, because the store is loaded late.
    """
    kind = type(error).__name__
    if kind in {"OlderTables", "NewerTables", "HandedRoundError"}:
        return str(error)
    # An error without a statement comes from connecting.
    if kind in {"OperationalError", "ProgrammingError"} and getattr(error, "statement", "") is None:
        message = str(getattr(error, "orig", error)).strip().splitlines()[0]
        return f"The database cannot be used ({message}): check DATABASE_URL and start again."
    return None


def sentence_for(error: OSError) -> str | None:
    """Return the sentence for a disk error; None for any other error."""
    # By name, because a command loads modules when it runs.
    if type(error).__name__ == "StorageUnavailable":
        return f"{error}: put that right and start again."
    place = error.filename or "The project folder"
    if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
        return f"{place} cannot be written: make it writable, or set PUBLICMEETING_DATA elsewhere."
    if error.errno in {errno.EEXIST, errno.ENOTDIR, errno.ENAMETOOLONG}:
        return f"{place} is no folder: set PUBLICMEETING_DATA to one, or move the file away."
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "The disk is full: make room and start again."
    return None
