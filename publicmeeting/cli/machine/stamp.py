"""Whether the built pages still fit the source: a hash over everything that can change them."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

# Packages no page is made from. What is not named here counts, so a new folder is safe.
_NO_PAGES = frozenset({"cli", "live", "media", "notify", "store", "web", "__pycache__"})
_TOOLCHAIN = (
    "requirements.txt",
    "rxconfig.py",
    "publicmeeting/ui/reflex/bundle.py",
    "bunfig.toml",
    ".npmrc",
)


def page_inputs(project: Path) -> Iterator[Path]:
    """Yield every file the built pages depend on, in a fixed order."""
    yield from toolchain_inputs(project)
    for folder in (project / "reflex.lock", project / "assets"):
        # Reflex itself writes assets/external, and Python what it has compiled of the verifier.
        yield from _files(folder, frozenset({"external", "__pycache__"}))
    yield from _files(project / "publicmeeting", _NO_PAGES)


def toolchain_inputs(project: Path) -> Iterator[Path]:
    """Yield the files that choose tools and plugins; a change means a build from nothing."""
    for name in _TOOLCHAIN:
        if (project / name).exists():
            yield project / name


def stamp_of(project: Path, inputs: Iterable[Path], *words: str) -> str:
    """Return one hash over the names and contents of `inputs` and over `words`."""
    digest = hashlib.sha256("\n".join(words).encode())
    for path in inputs:
        content = path.read_bytes()
        digest.update(f"\n{path.relative_to(project).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _files(folder: Path, left_out: frozenset[str]) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.name in left_out:
            continue
        if path.is_dir():
            yield from _files(path, left_out)
        else:
            yield path
