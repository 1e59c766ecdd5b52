"""A mayor's stored signature, which every later sheet has, and the mayor's own templates."""

import pytest
from support.each import in_one_city
from support.hall import TECHNICAL, TEXT, Hall

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.orders.ink import Dot, Stroke, ink_text
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.orders.issuing import order_facts
from publicmeeting.usecases.orders.order_checks import IssueOrders
from publicmeeting.usecases.orders.paper.signing import (
    SIGNATURE_MOST,
    TEMPLATES_MOST,
    TITLE_MOST,
    KeepTemplate,
    OneTemplate,
    OrderProfile,
    OwnPage,
    Sign,
    drop_template,
    keep_template,
    order_profile,
    sign,
    unsign,
)

INK = ink_text([Stroke((Dot(10, 20), Dot(300, 90)))])


def own(hall: Hall, who: str = "mayor") -> OrderProfile:
    return hall.query(who, order_profile, Nothing())


def keep(hall: Hall, title: str, text: str = TEXT, who: str = "mayor") -> None:
    hall.execute(who, keep_template, KeepTemplate(title=title, text=text))


@pytest.mark.on_postgresql
def test_a_signature_stands_on_every_sheet_from_then_on(hall: Hall) -> None:
    guest = hall.guests[0]
    hall.receive(guest)
    command = IssueOrders(code=guest.code, units=(TECHNICAL,), note=TEXT)
    assert hall.query("mayor", order_facts, command).signature == ""
    hall.execute("mayor", sign, Sign(ink=INK))
    assert hall.query("mayor", order_facts, command).signature == INK
    signature = own(hall).signature
    assert signature is not None
    assert signature.drawn_at == hall.clock.now
    assert own(hall, "deputy").signature is None
    hall.execute("mayor", unsign, OwnPage())
    hall.execute("mayor", unsign, OwnPage())
    assert hall.query("mayor", order_facts, command).signature == ""


@in_one_city(
    "ink, word",
    [
        ("", "signature_empty"),
        ("{}", "ink_unreadable"),
        ("x" * (SIGNATURE_MOST + 1), "signature_too_long"),
    ],
)
def test_what_is_no_signature_is_refused_and_the_old_one_stays(hall: Hall, ink, word) -> None:
    hall.execute("mayor", sign, Sign(ink=INK))
    with pytest.raises(Invalid, match=word):
        hall.execute("mayor", sign, Sign(ink=ink))
    signature = own(hall).signature
    assert signature is not None
    assert signature.ink == INK


def test_only_those_who_receive_sign(hall: Hall) -> None:
    for who in ("desk", "technical", hall.guests[0].actor):
        with pytest.raises(Denied, match="not_your_role"):
            hall.execute(who, sign, Sign(ink=INK))


@pytest.mark.on_postgresql
def test_texts_are_ones_own_and_a_title_names_one(hall: Hall) -> None:
    keep(hall, "روشنایی", "چراغ‌ها درست شود.")
    keep(hall, "روشنایی", "چراغ‌های کوچه درست شود.")
    keep(hall, "جانشین", who="deputy")
    assert [(template.title, template.text) for template in own(hall).templates] == [
        ("روشنایی", "چراغ‌های کوچه درست شود.")
    ]
    theirs = own(hall, "deputy").templates[0].id
    hall.execute("mayor", drop_template, OneTemplate(id=theirs))
    assert len(own(hall, "deputy").templates) == 1
    mine = own(hall).templates[0].id
    for _ in range(2):
        hall.execute("mayor", drop_template, OneTemplate(id=mine))
    assert own(hall).templates == ()


@in_one_city(
    "title, text, field, word",
    [
        (" ", TEXT, "title", "template_untitled"),
        ("ن" * (TITLE_MOST + 1), TEXT, "title", "template_title_long"),
        ("نام", "\n ", "text", "template_empty"),
        ("نام", "ا" * 4001, "text", "text_too_long"),
    ],
)
def test_a_text_that_cannot_be_kept_is_refused(hall: Hall, title, text, field, word) -> None:
    with pytest.raises(Invalid, match=word) as refusal:
        keep(hall, title, text)
    assert refusal.value.field == field
    assert own(hall).templates == ()


def test_one_text_too_many_is_refused_and_one_can_still_be_replaced(hall: Hall) -> None:
    for number in range(TEMPLATES_MOST):
        keep(hall, f"متن {number}")
    with pytest.raises(Denied, match="templates_full"):
        keep(hall, "یکی دیگر")
    keep(hall, "متن 3", "تازه")
    assert len(own(hall).templates) == TEMPLATES_MOST
    assert {template.title: template.text for template in own(hall).templates}["متن 3"] == "تازه"
