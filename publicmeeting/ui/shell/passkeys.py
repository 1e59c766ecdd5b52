"""The script by which a key of the device answers; plain pages carry the same text."""

import reflex as rx
from reflex_base.utils.imports import ImportVar
from reflex_base.vars import VarData

from publicmeeting.ui.reflex.scripts import link_script

_script = link_script(__name__, "passkey.js")


def touch_key() -> rx.Var[str]:
    """What a button does that asks for a key: a function of passkey.js, the file beside this one,
    as a prop."""
    return rx.Var("touchKey", _var_data=VarData(imports={_script: [ImportVar(tag="touchKey")]}))
