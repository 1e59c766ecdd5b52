"""A command of the program, run as `python -m` runs it.

    main MODULE SETTINGS WORD...

SETTINGS is a JSON object, which replaces the environment.
"""

import json
import os
import runpy
import sys

from publicmeeting.cli import app, prepare


def main(module: str, settings: str, *words: str) -> None:
    os.environ.clear()
    os.environ.update(json.loads(settings))
    name = f"publicmeeting.cli.{module}"
    sys.argv = [name, *words]
    sys.modules.pop(name, None)  # run it afresh as __main__, even if it was imported before
    runpy.run_module(name, run_name="__main__", alter_sys=True)


__all__ = ["app", "main", "prepare"]
