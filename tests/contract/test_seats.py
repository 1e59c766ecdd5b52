"""The allocation table has one writing function, and nobody calls it but the steps of the line."""

import ast

from contract.project_files import PACKAGE, name_of, nodes, python_files

CALLERS = {
    "publicmeeting/usecases/drawing.py": 1,
    "publicmeeting/usecases/offers.py": 2,
    "publicmeeting/usecases/standby.py": 1,
}
"""The draw; the offer step and taking what the whole line left; the offer made at the door."""

STORE = "publicmeeting/store/"
WRITERS = ("insert", "bulk_insert_mappings", "bulk_save_objects")
WITHOUT_AN_OBJECT = {"DrawRow", "EventRow", "JobRow", "LogRow", "MarkRow", "MondayRow", "NoteRow",
                     "OutboxRow", "SecurityEventRow"}  # fmt: skip
"""Tables whose rows are written many at a time; the seats are not among them."""


def calls(name: str, below: str = "") -> dict[str, int]:
    """File → how often something of this name is called in it."""
    found = {}
    for path in python_files(PACKAGE):
        called = [node.func for node in nodes(path) if isinstance(node, ast.Call)]
        names = [getattr(node, "attr", getattr(node, "id", "")) for node in called]
        if name in names and name_of(path).startswith(below):
            found[name_of(path)] = names.count(name)
    return found


def test_seats_are_allotted_by_the_draw_the_offer_and_taking_a_free_one_only() -> None:
    assert calls("allot") == CALLERS


def test_a_row_of_the_allocation_table_is_made_in_one_place() -> None:
    assert calls("SeatRow") == {"publicmeeting/store/seats.py": 1}
    # Nothing above the store knows SQL (import contract); within it what is no object goes through
    # one door, by the table's own name; a pretend city of years is written in bulk.
    assert {name: calls(name, below=STORE) for name in WRITERS} == {
        "insert": {f"{STORE}door.py": 1, f"{STORE}bulk.py": 1},
        "bulk_insert_mappings": {},
        "bulk_save_objects": {},
    }
    assert calls("_insert") == {f"{STORE}door.py": 2}
    assert written() == WITHOUT_AN_OBJECT


def written() -> set[str]:
    """The tables named at the store's door; anything but a plain name would show here."""
    return {
        ast.unparse(node.args[1])
        for path in python_files(PACKAGE)
        if name_of(path).startswith(STORE)
        for node in nodes(path)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in {"write", "write_numbered"}
    }
