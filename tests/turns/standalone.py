"""What two verifiers see in files and a log: the product's own, and the one anybody may download.

The second is loaded from its file, as nothing imports it.
"""

import importlib.util
import json

from contract.project_files import PROJECT

from publicmeeting.turns.log import verify_chain
from publicmeeting.turns.verification import LOG, against_log, verify

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


def product_saw(files, log):
    found = [(name(file), one) for file in files for one in verify(file)]
    whole = [file for file in files if not verify(file)]
    broken = [(LOG, one) for one in verify_chain(log)]
    agreement = against_log(whole, log) if not broken else None
    faults = agreement.faults.items() if agreement else ()
    found += broken + [(draw, one) for draw, several in faults for one in several]
    unfollowed = agreement.unfollowed if agreement else ()
    return {(where, one.code.value, one.place) for where, one in found} | {
        (draw, "not_counted", draw) for draw in unfollowed
    }
