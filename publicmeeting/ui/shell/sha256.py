"""The small SHA-256 of pages that hash by themselves, as a prop for their components."""

import reflex as rx
from reflex.vars import VarData
from reflex_base.utils.imports import ImportVar

_FILE = rx.asset("sha256.js", shared=True)


def sha256_in_browser() -> rx.Var[str]:
    """The function of sha256.js, the file beside this one."""
    module = _FILE.importable_path
    return rx.Var("sha256", _var_data=VarData(imports={module: [ImportVar(tag="sha256")]}))
