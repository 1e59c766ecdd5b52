"""The content security policy lets no page evaluate text: a script from the server does nothing."""

import ast
from pathlib import Path

from contract.project_files import PACKAGE, for_each, name_of, python_files, tree

_SCRIPTS = {"run_script", "call_script", "run_function", "call_function"}


@for_each(python_files(PACKAGE / "ui"), ids=name_of)
def test_no_handler_answers_with_a_script(path: Path) -> None:
    """Components may name one: it is compiled into the page. A handler's would be evaluated."""
    sending = [
        f"line {node.lineno}: {ast.unparse(node)}"
        for owner in ast.walk(tree(path))
        if isinstance(owner, ast.ClassDef)
        for node in ast.walk(owner)
        if isinstance(node, ast.Attribute)
        and node.attr in _SCRIPTS
        and ast.unparse(node.value) == "rx"
    ]
    assert sending == []
