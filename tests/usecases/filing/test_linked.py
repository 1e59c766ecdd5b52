"""What a link into the form may fill in, and what it must not overwrite."""

import pytest

from publicmeeting.usecases.filing.drafting import Linked, lacking, read_link


@pytest.mark.parametrize(
    ("query", "fields", "unknown"),
    [
        ({}, {}, ()),
        ({"from": "portal"}, {}, ()),
        ({"district": "6"}, {"district": "6"}, ()),
        ({"district": "۰۶", "from": "portal"}, {"district": "6"}, ()),
        ({"district": " 22 ", "subject": "street"}, {"district": "22", "subject": "street"}, ()),
        ({"subject": "roads"}, {"subject": "street"}, ()),
        ({"subject": "STREET"}, {"subject": "street"}, ()),
        ({"district": "", "subject": ""}, {}, ()),
        ({"district": "0"}, {}, ("district",)),
        ({"district": "23", "subject": "street"}, {"subject": "street"}, ("district",)),
        ({"district": "-6"}, {}, ("district",)),
        ({"district": "6.0"}, {}, ("district",)),
        ({"district": "²"}, {}, ("district",)),
        ({"district": "9" * 5000}, {}, ("district",)),
        ({"district": "<script>", "subject": "\x00"}, {}, ("district", "subject")),
        ({"district": "6", "subject": "s" * 5000}, {"district": "6"}, ("subject",)),
    ],
)
def test_a_link_is_read_and_what_is_not_there_is_named(
    query: dict[str, str], fields: dict[str, str], unknown: tuple[str, ...]
) -> None:
    assert read_link(query) == Linked(fields, unknown)


def test_a_link_fills_and_takes_nothing_away() -> None:
    linked = Linked({"district": "6", "subject": "street"})
    assert lacking(linked, {}) == {"district": "6", "subject": "street"}
    assert lacking(linked, {"district": "6", "text": "x"}) == {"subject": "street"}
    assert lacking(linked, {"district": "6", "subject": "street"}) == {}
    assert lacking(linked, {"district": "7"}) is None
    assert lacking(linked, {"district": "6", "subject": "waste"}) is None
    assert lacking(Linked(), {"district": "7"}) == {}
