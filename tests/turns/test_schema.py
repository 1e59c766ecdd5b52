"""/log/schema.json describes each form as the table of kinds does."""

import re

from small_city import honest
from support.each import for_each

from publicmeeting.turns.kinds import BODIES, FORMS, Check
from publicmeeting.turns.schema import CHECKS, log_schema

SAMPLES = (
    "",
    "none",
    "0",
    "01",
    "2185979",
    "ab" * 32,
    "AB" * 32,
    "ab" * 31,
    "d06-1405-09-16",
    "1405-09-16",
    "1405-9-16",
    "09:00",
    "24:00",
    "9:00",
    "2026-11-28T20:30:00Z",
    "2026-11-28 20:30:00",
    "A" * 86 + "==",
    "A" * 88,
    "legal/0a1b2c3d",
    "legal/0a1b2c3",
    "council",
    "Council",
    "a_b",
    "0a1b2c3d4e5f6071",
    "a\nb",
    "شنبه",
)


def fits(schema, value) -> bool:
    """Return whether a value fits a schema; as much of JSON Schema as ours uses."""
    if "enum" in schema:
        return value in schema["enum"]
    if schema["type"] == "string":
        pattern = schema["pattern"].replace("$", r"\Z")
        return isinstance(value, str) and re.search(pattern, value) is not None
    if schema["type"] == "integer":
        whole = type(value) is int
        return whole and schema["minimum"] <= value <= schema.get("maximum", value)
    if schema["type"] == "array":
        return isinstance(value, list) and all(fits(schema["items"], one) for one in value)
    return isinstance(value, dict)


@for_each(Check)
def test_the_schema_of_a_check_lets_pass_all_that_the_check_does(check):
    for value in (*SAMPLES, -1, 0, 1, 99, 100, 2**53, True, None, [], ["09:00"], [1, 2], {}):
        if FORMS[check](value):
            assert fits(CHECKS[check], value), value
    assert not all(fits(CHECKS[check], sample) for sample in SAMPLES)


def test_every_entry_of_an_honest_city_fits_the_form_of_its_kind():
    forms = {one["properties"]["kind"]["const"]: one for one in log_schema()["oneOf"]}
    assert forms.keys() == {kind.value for kind in BODIES}
    for entry in honest(1).decoded():
        form = forms[entry["kind"]]["properties"]["body"]
        assert sorted(entry["body"]) == form["required"] == sorted(form["properties"])
        for key, value in entry["body"].items():
            assert fits(form["properties"][key], value), (entry["seq"], key)
