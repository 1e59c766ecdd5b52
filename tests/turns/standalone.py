"""The verifier anybody may download, as a module: loaded from its file, as nothing imports it."""

import importlib.util
import json

from contract.project_files import PROJECT

PATH = PROJECT / "assets" / "verify_draw.py"


def _load():
    spec = importlib.util.spec_from_file_location("verify_draw", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


standalone = _load()


def saw(files, log):
    """Every finding in files and log, as the command would print them."""
    found = [(name(file), *one) for file in files for one in standalone.check_file(file)]
    whole = [file for file in files if not standalone.check_file(file)]
    broken = [("log", *one) for one in standalone.check_log(log)]
    return found + (broken or list(standalone.compare(whole, log)))


def name(file):
    draw = file.get("draw") if isinstance(file, dict) else None
    return draw if isinstance(draw, str) else json.dumps(draw)
