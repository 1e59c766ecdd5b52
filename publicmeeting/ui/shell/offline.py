"""What stands at the thumb of every page: the line of a lost connection, and the sentence of a
missing part of the service. While the connection is lost, a pressed button says that it waits."""

from collections.abc import Callable

import reflex as rx
from reflex_base.constants import CompileVars, Hooks, Imports
from reflex_base.vars import VarData
from reflex_base.vars.number import BooleanVar

from publicmeeting.text.common.chrome_text import OFFLINE, WAITS
from publicmeeting.ui.design.sheets import offline_bar, trouble_line
from publicmeeting.ui.reflex.scripts import link_script

_ERRORS = VarData(imports=Imports.CONNECT_ERRORS, hooks={Hooks.CONNECT_ERRORS: None})
is_offline = rx.Var(f"({CompileVars.CONNECT_ERROR}.length > 0)", _var_data=_ERRORS).to(BooleanVar)


class AtThumb(rx.Component):
    """The component of offline.js: its first child stands always, its second while the connection
    is lost."""

    library = link_script(__name__, "offline.js")
    tag = "AtThumb"

    waits: rx.Var[str]


def wraps() -> dict[tuple[int, str], Callable[[bool], rx.Component | None]]:
    """Around every page, so that no page can forget it."""
    return {
        (59, "AtThumb"): lambda _stateful: rx.fragment(
            AtThumb.create(trouble_line(), offline_bar(OFFLINE), waits=WAITS)
        )
    }
