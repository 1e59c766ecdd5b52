"""One test of many values fails for each for which single tests would fail, and names it."""

from pathlib import Path

import pytest
from support.each import for_each, in_one_city


def failing(check: object) -> str:
    assert callable(check)
    with pytest.raises(AssertionError) as found:
        check()
    return str(found.value)


def test_every_value_that_fails_is_named_and_the_others_are_not() -> None:
    @for_each([("anna", 1), ("berta", 2), ("carla", 3)])
    def one(name: str, number: int) -> None:
        assert name
        if number == 2:
            with pytest.raises(ValueError, match="never"):
                str(number)
        assert number < 3, "too many"

    output = failing(one)
    assert "anna" not in output
    assert "berta" in output
    assert "carla" in output
    assert "too many" in output


def test_a_fault_of_another_kind_says_where_it_happened() -> None:
    @for_each(["anna"])
    def one(name: str) -> None:
        raise KeyError(name)

    with pytest.raises(KeyError) as found:
        one()
    assert found.value.__notes__ == ["at anna"]


def test_a_table_without_a_value_proves_nothing_and_fails() -> None:
    @for_each([])
    def one(name: str) -> None:
        del name

    failing(one)


@in_one_city("name, number", [("anna", 1), ("berta", 2)])
def test_rows_share_the_fixtures_of_one_test(name: str, tmp_path: Path, number: int) -> None:
    assert len(list(tmp_path.iterdir())) == number - 1
    (tmp_path / name).touch()


def test_every_row_that_fails_in_one_city_is_named() -> None:
    @in_one_city("name", ["anna", "berta"])
    def one(name: str, city: str) -> None:
        assert name != city

    with pytest.raises(AssertionError, match="berta") as found:
        one(city="berta")
    assert "anna" not in str(found.value)
