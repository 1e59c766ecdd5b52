"""The allocation table has one writing function, and nobody calls it but the steps of the line."""

import ast

from contract.project_files import PACKAGE, name_of, python_files, tree

CALLERS = {
    "publicmeeting/usecases/drawing.py": 1,
    "publicmeeting/usecases/offers.py": 2,
    "publicmeeting/usecases/standby.py": 1,
}
"""The draw; the offer step and taking what the whole line left; the offer made at the door."""

WRITERS = {"insert", "bulk_insert_mappings", "bulk_save_objects"}


def calls(name: str) -> dict[str, int]:
    """File → how often something of this name is called in it."""
    found = {}
    for path in python_files(PACKAGE):
        nodes = [node.func for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
        names = [getattr(node, "attr", getattr(node, "id", "")) for node in nodes]
        if name in names:
            found[name_of(path)] = names.count(name)
    return found


def test_seats_are_allotted_by_the_draw_the_offer_and_taking_a_free_one_only() -> None:
    assert calls("allot") == CALLERS


def test_a_row_of_the_allocation_table_is_made_in_one_place() -> None:
    assert calls("SeatRow") == {"publicmeeting/store/seats.py": 1}
    # Nothing above the store knows SQL (import contract); within it rows are written one by one.
    in_bulk = set().union(*(calls(name) for name in WRITERS))
    assert not {path for path in in_bulk if path.startswith("publicmeeting/store/")}
