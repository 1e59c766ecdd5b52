"""The scripts that read signed notes, Ed25519 and Merkle proofs, for pages that prove something in
the reader's own browser.

A linked file lies in a folder named after the module that links it, so from the folder of a page's
module they are `../../../shell/proofs/note.js`, `merkle.js` and `ed25519.js`.
"""

from publicmeeting.ui.reflex.scripts import link_script
from publicmeeting.ui.shell.photo_sender import link_sha256

SCRIPTS = ("ed25519.js", "merkle.js", "note.js")


def link_proofs() -> None:
    """To be called by every module whose scripts import one of them."""
    link_sha256()
    for name in SCRIPTS:
        link_script(__name__, name)
