"""The small SHA-256 of pages that hash by themselves, for their scripts to import.

A linked file lies in a folder named after the module that links it, so from the folder of any
page's module this one is `../../../shell/sha256/sha256.js`.
"""

from publicmeeting.ui.reflex.scripts import link_script


def link_sha256() -> None:
    """To be called by every module whose scripts import it."""
    link_script(__name__, "sha256.js")
