"""What two verifiers see in files and a log: the product's own, and the one anybody may download.

The second is loaded from its file, as nothing imports it.
"""

import importlib.util
import json

from contract.project_files import PROJECT

from publicmeeting.cli.commands.verify import root_faults
from publicmeeting.turns.checkpoint import Checkpoint, signed
from publicmeeting.turns.log import leaves, verify_chain
from publicmeeting.turns.merkle import root_of
from publicmeeting.turns.verification import LOG, against_log, verify

PATH = PROJECT / "assets" / "verify_draw.py"


def _load():
    spec = importlib.util.spec_from_file_location("verify_draw", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


standalone = _load()


def saw(files, log, note=""):
    """Every finding in files and log, as the command would print them."""
    found = [(name(file), *one) for file in files for one in standalone.check_file(file)]
    whole = [file for file in files if not standalone.check_file(file)]
    broken = [("log", *one) for one in standalone.check_log(log)]
    if note and not broken:
        broken = [("log", *one) for one in standalone.check_root(log, note)]
    return found + (broken or list(standalone.compare(whole, log)))


def name(file):
    draw = file.get("draw") if isinstance(file, dict) else None
    return draw if isinstance(draw, str) else json.dumps(draw)


def checkpoint_of(log):
    """What the city signs for this log; nobody here looks at the signature."""
    return signed(Checkpoint("example.ir/log", len(log), root_of(leaves(log))), b"\x01" * 32)


def product_saw(files, log, note=None):
    found = [(name(file), one) for file in files for one in verify(file)]
    whole = [file for file in files if not verify(file)]
    wrong = verify_chain(log) or tuple(root_faults(log, note and Checkpoint.read(note.text)))
    broken = [(LOG, one) for one in wrong]
    agreement = against_log(whole, log) if not broken else None
    faults = agreement.faults.items() if agreement else ()
    found += broken + [(draw, one) for draw, several in faults for one in several]
    unfollowed = agreement.unfollowed if agreement else ()
    return {(where, one.code.value, one.place) for where, one in found} | {
        (draw, "not_counted", draw) for draw in unfollowed
    }
