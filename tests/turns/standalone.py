"""The verifier of draw files that anybody may download, loaded as nothing imports it."""

import importlib.util

from contract.project_files import PROJECT

PATH = PROJECT / "assets" / "verify_draw.py"


def _load():
    spec = importlib.util.spec_from_file_location("verify_draw", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


standalone = _load()
