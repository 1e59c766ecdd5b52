"""The bar that says the connection is lost, as long as it is."""

import reflex as rx
from reflex_base.constants import CompileVars, Hooks, Imports
from reflex_base.vars import VarData
from reflex_base.vars.number import BooleanVar

from publicmeeting.text.shell import OFFLINE
from publicmeeting.ui.design.sheets import offline_bar

_ERRORS = VarData(imports=Imports.CONNECT_ERRORS, hooks={Hooks.CONNECT_ERRORS: None})
is_offline = rx.Var(f"({CompileVars.CONNECT_ERROR}.length > 0)", _var_data=_ERRORS).to(BooleanVar)


def offline() -> rx.Component:
    """Under the head of every page; what was typed stays in its fields."""
    return offline_bar(OFFLINE, is_offline)  # type: ignore[arg-type]  # a var stands for its value
