"""Chance that can be foretold belongs to the pretend city; nothing else may deal from a seed."""

import ast

from contract.project_files import PACKAGE, name_of, nodes, python_files

USERS = {
    "publicmeeting/kit/codes.py",
    "publicmeeting/samples/fill.py",
    "publicmeeting/store/door.py",
}
"""Tracking codes, salts and the draw's value; the teller; ids of rows."""
SECRETS = {
    "publicmeeting/cli/draw.py",
    "publicmeeting/config.py",
    "publicmeeting/kit/chance.py",
    "publicmeeting/kit/codes.py",
    "publicmeeting/usecases/clock.py",
}
"""A sample nobody named; the master key; chance itself; cookies, codes and PINs; the name of a file
not yet in its place; the name of a worker."""
BENCHES = "publicmeeting/cli/bench"


def importing(name: str) -> set[str]:
    """Files that import this module."""
    return {
        name_of(path)
        for path in python_files(PACKAGE)
        for node in nodes(path)
        if isinstance(node, ast.Import | ast.ImportFrom)
        and name in {getattr(node, "module", None), *(alias.name for alias in node.names)}
    }


def test_only_the_teller_deals_chance_from_a_seed():
    calls = [
        name_of(path)
        for path in python_files(PACKAGE)
        for node in nodes(path)
        if isinstance(node, ast.Attribute | ast.Name)
        and getattr(node, "attr", getattr(node, "id", "")) == "repeated"
    ]
    assert calls == ["publicmeeting/samples/fill.py"]
    assert importing("chance") == USERS


def test_what_opens_a_door_is_made_by_the_secure_generator():
    served = {name for name in importing("secrets") if not name.startswith(BENCHES)}
    assert served == SECRETS
