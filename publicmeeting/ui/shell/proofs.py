"""The scripts for signed notes, Ed25519 and Merkle proofs, for pages that prove something in the
reader's browser.

A linked file lies in a folder named after the module that links it. From the folder of a page's
module they are `../../../shell/proofs/note.js`, `merkle.js` and `ed25519.js`.
"""

from publicmeeting.ui.reflex.scripts import link_script
from publicmeeting.ui.shell.photos import link_sha256

SCRIPTS = ("ed25519.js", "merkle.js", "note.js")


def link_proofs() -> None:
    """Link the scripts; every module whose scripts import one of them calls this."""
    link_sha256()
    for name in SCRIPTS:
        link_script(__name__, name)
