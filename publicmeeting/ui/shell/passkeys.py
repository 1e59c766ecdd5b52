"""The script that asks the device for a passkey; plain pages use the same file."""

import reflex as rx
from reflex_base.utils.imports import ImportVar
from reflex_base.vars import VarData

from publicmeeting.ui.reflex.scripts import link_script

_script = link_script(__name__, "passkey.js")


def touch_key() -> rx.Var[str]:
    """Return a function of passkey.js, the file beside this one, as the prop of a button."""
    return rx.Var("touchKey", _var_data=VarData(imports={_script: [ImportVar(tag="touchKey")]}))
