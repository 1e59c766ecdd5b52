"""JSON of a row that is damaged, or that the database owner wrote."""

import pytest

from publicmeeting.kit.stored import DEEP_MOST, read_object


def nested(depth: int) -> str:
    return '{"a":' * depth + "1" + "}" * depth


def test_an_object_is_read_as_it_was_written() -> None:
    found = {"a": [1, -2, {"b": None}], "c": "ث", "d": 2**53 - 1, "e": 0.5}
    written = '{"a":[1,-2,{"b":null}],"c":"ث","d":9007199254740991,"e":0.5}'
    assert read_object(written) == found
    assert read_object(nested(DEEP_MOST))["a"]
    wide = ",".join("{}" for _ in range(DEEP_MOST * 3))
    assert len(read_object(f'{{"a":[{wide}]}}')["a"]) == DEEP_MOST * 3


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "[]",
        "1",
        "null",
        '"text"',
        nested(DEEP_MOST + 1),
        nested(100_000),
        '{"a":NaN}',
        '{"a":Infinity}',
        '{"a":1e999}',
        '{"a":' + "9" * 19 + "}",
        '{"a":' + "9" * 5000 + "}",
    ],
)
def test_whatever_later_code_could_not_handle_is_one_error(text: str) -> None:
    with pytest.raises(ValueError):
        read_object(text)


@pytest.mark.parametrize("cell", [None, b"{}", 1])
def test_a_cell_that_is_no_text_is_the_same_error(cell: object) -> None:
    with pytest.raises(ValueError):
        read_object(cell)  # type: ignore[arg-type]
