"""`voice`: makes the clips for the halls' screens, with espeak-ng's Persian voice."""

import argparse
import shutil
import subprocess
import tempfile
from pathlib import Path

from publicmeeting.cli.stop import StopError
from publicmeeting.config import PROJECT
from publicmeeting.domain.meetings.voice import CLIPS
from publicmeeting.text.meetings.voice_text import WRITTEN

FOLDER = PROJECT / "assets" / "voice"
_SPEAKS = ("-v", "fa", "-s", "135", "-p", "42", "-a", "160")
_QUIET = "silenceremove=start_periods=1:start_threshold=-45dB"
_SHAPED = f"{_QUIET},areverse,{_QUIET},areverse,loudnorm=I=-16:TP=-1.5,adelay=20,apad=pad_dur=0.06"
"""Filter: trim silence, normalise loudness, add a short pause at the end."""
_FORMS = {
    "opus": ("-c:a", "libopus", "-b:a", "24k", "-ar", "48000"),
    "mp3": (
        "-c:a",
        "libmp3lame",
        "-b:a",
        "32k",
        "-ar",
        "24000",
        "-write_xing",
        "0",
        "-id3v2_version",
        "0",
    ),
}


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("voice", help="make the clips of the halls' screens anew")
    parser.set_defaults(perform=_perform)


def _perform(_arguments: argparse.Namespace) -> None:
    for program in ("espeak-ng", "ffmpeg"):
        if shutil.which(program) is None:
            raise StopError(f"{program} is missing; it is a package of Debian.")
    FOLDER.mkdir(exist_ok=True)
    size = sum(_make(clip) for clip in CLIPS)
    print(f"{len(CLIPS)} clips in {len(_FORMS)} forms, {size // 1024} KiB")


def _make(clip: str) -> int:
    """Make the files of one clip; return their size in bytes."""
    with tempfile.TemporaryDirectory() as folder:
        spoken = Path(folder) / "spoken.wav"
        _run("espeak-ng", *_SPEAKS, "-w", str(spoken), WRITTEN[clip])
        for form, encoding in _FORMS.items():
            made = FOLDER / f"{clip}.{form}"
            plain = ("-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact")
            _run(
                *("ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-i", str(spoken)),
                *("-af", _SHAPED, "-ac", "1", *encoding, *plain, str(made)),
            )
    return sum((FOLDER / f"{clip}.{form}").stat().st_size for form in _FORMS)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, timeout=60)
