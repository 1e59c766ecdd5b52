"""`release`: packs program and built pages into one file, to be unpacked on every server."""

import argparse
import gzip
import tarfile
from collections.abc import Iterator
from pathlib import Path

from publicmeeting.cli.commands.build import BUILT, build_pages
from publicmeeting.cli.stop import StopError, new_file
from publicmeeting.config import PROJECT, Env

_SUFFIX = ".tar.gz"
# Parts that a server needs; data, tests, tools and other files are left out.
PARTS = (
    ".npmrc",
    "README.md",
    "assets",
    "bunfig.toml",
    "deploy",
    "docs",
    "publicmeeting",
    "reflex.lock",
    "requirements.txt",
    "rxconfig.py",
)


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("release", help="pack program and built pages for servers")
    parser.add_argument("file", type=new_file, metavar="FILE", help="publicmeeting-VERSION.tar.gz")
    parser.set_defaults(perform=_perform)


def _perform(arguments: argparse.Namespace) -> None:
    file: Path = arguments.file
    if not file.name.endswith(_SUFFIX):
        raise StopError(f"{file.name} is no name for a release: it ends with {_SUFFIX}.")
    if file.exists():
        raise StopError(f"{file} exists: a release is made once, so choose another name.")
    build_pages(Env.PRODUCTION)
    pack(PROJECT, file)
    print(f"{file}: {file.stat().st_size / 1000**2:.1f} MB, in a folder of its own inside")


def pack(project: Path, file: Path) -> None:
    """Write the release; the same sources and pages give the same bytes on every machine."""
    folder = file.name.removesuffix(_SUFFIX)
    draft = file.with_name(f"{file.name}.draft")
    try:
        with (
            draft.open("wb") as raw,
            gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as zipped,
            tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as archive,
        ):
            for path in _contents(project):
                name = f"{folder}/{path.relative_to(project).as_posix()}"
                archive.add(path, name, recursive=False, filter=_without_owner)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def _contents(project: Path) -> Iterator[Path]:
    links = project / "assets" / "external"
    for part in sorted((*PARTS, *BUILT)):
        inside = sorted((project / part).rglob("*")) if (project / part).is_dir() else ()
        for path in (project / part, *inside):
            if path.is_file() and links not in path.parents and "__pycache__" not in path.parts:
                yield path


def _without_owner(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Remove who packed it and when."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mtime = 0
    entry.mode = 0o755 if entry.mode & 0o100 else 0o644
    return entry
