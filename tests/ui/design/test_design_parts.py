"""What components offer to screen readers, and what they leave out."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
import reflex as rx
from support.each import for_each

from publicmeeting.text.common import chrome_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.design import look
from publicmeeting.ui.design.controls import anchor, button, icon_button
from publicmeeting.ui.design.fields import area, chips, field
from publicmeeting.ui.design.figures import code_groups, data_table, strip
from publicmeeting.ui.design.models import (
    Badge,
    Choice,
    Invitation,
    OrderPaper,
    Pass,
    PromiseClock,
    RoadStep,
    Row,
    Tile,
)
from publicmeeting.ui.design.paper import (
    invitation,
    order_sheet,
    pass_sheet,
    promise_clock,
    two_bits,
)
from publicmeeting.ui.design.road import road
from publicmeeting.ui.design.sheets import rows, stepper
from publicmeeting.ui.stories import pages
from publicmeeting.web.plain import elements

_STATEFUL = True


def drawn(part: rx.Component) -> str:
    """Return everything that a part puts on the page, as text without escapes."""
    return drawn_of(part.render())


def drawn_of(rendered: object) -> str:
    raw = json.dumps(rendered, default=str)
    letters = re.sub(r"\\+u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), raw)
    return letters.replace("\\", "")


def test_a_button_that_is_not_available_says_why_and_does_nothing() -> None:
    text = drawn(button("ادامه", why_not="برای ادامه، منطقه را برگزینید", on_click=rx.noop()))
    assert "برای ادامه، منطقه را برگزینید" in text
    assert "aria-disabled" in text
    assert "onClick" not in text


def test_a_button_that_is_available_acts() -> None:
    text = drawn(button("ادامه", on_click=rx.noop()))
    assert "onClick" in text
    assert "aria-disabled" not in text


def test_an_unavailable_submit_button_does_not_submit() -> None:
    assert 'type:"button"' in drawn(button("ثبت", submit=True, why_not="نام را بنویسید"))
    assert 'type:"submit"' in drawn(button("ثبت", submit=True))


def test_a_line_whose_words_cannot_be_opened_says_so() -> None:
    answer = refusal("case_unreadable")
    assert answer in drawn(rows([Row("", href="/desk/")]))
    assert answer not in drawn(rows([Row("بوستان بی‌نور", href="/desk/")]))


def test_an_invitation_that_asks_for_no_answer_says_why_and_names_no_end() -> None:
    before, answer = "پیش از", "پاسخ لازم نیست."
    call = Invitation("نوبت شما", "", "۹", "آذر", "", "۹:۴۵", "", deadline_after=answer)
    text = drawn(invitation(replace(call, deadline_before=before), rx.fragment()))
    assert answer in text
    assert before not in text
    asks = replace(call, deadline_before=before, deadline="شنبه")
    until = drawn(invitation(asks, rx.fragment()))
    assert until.index(before) < until.index("شنبه") < until.index(answer)


def test_the_day_of_an_invitation_is_spoken_once() -> None:
    call = Invitation("نوبت شما", "", "۹", "آذر", "دوشنبه ۹ آذر ۱۴۰۵", "۹:۴۵", "")
    part = invitation(call, rx.fragment()).render()
    assert (drawn_of(part).count("آذر"), drawn_of(_heard(part)).count("آذر")) == (2, 1)


def test_an_hour_that_stands_still_is_one_text_and_has_no_gap_between_its_digits() -> None:
    call = Invitation("نوبت شما", "", "۹", "آذر", "دوشنبه ۹ آذر ۱۴۰۵", "۹:۰۰", "")
    card = Pass("", "", 0, "", "", "", "۹:۰۰", (), *[""] * 9)
    parts = [drawn(invitation(call, rx.fragment())), drawn(pass_sheet(card, ()))]
    assert [("۹:۰۰" in part, "cells" in part) for part in parts] == [(True, False)] * 2


def test_a_sign_alone_has_a_name() -> None:
    assert "پس گرفتن" in drawn(icon_button("undo", "پس گرفتن"))


def test_an_error_is_tied_to_its_field() -> None:
    text = drawn(field("کد ملی", "identity", error="کد ملی ۱۰ رقم است."))
    assert "aria-invalid" in text
    assert "identity-error" in text
    assert "aria-describedby" in text


def test_a_field_without_an_error_is_not_called_wrong() -> None:
    text = drawn(field("کد ملی", "identity"))
    assert "aria-invalid" not in text
    assert "aria-describedby" not in text


def test_a_long_text_counts_in_persian_digits() -> None:
    text = drawn(area("شرح", "what", value="سلام", limit=500, limit_words="۵۰۰"))
    assert "۴" in text
    assert "از ۵۰۰" in text


@pytest.mark.parametrize(("kind", "count"), [("now", 1), ("late", 1), ("past", 0)])
def test_the_step_where_it_stands_is_the_current_one(kind: str, count: int) -> None:
    text = drawn(road([RoadStep("past", "ثبت شد"), RoadStep(kind, "گام")], "راه"))
    assert text.count('"aria-current":"step"') == count


def test_a_step_that_is_still_to_come_says_so_to_whoever_hears_it() -> None:
    text = drawn(road([RoadStep("past", "ثبت شد"), RoadStep("ahead", "ملاقات")], "راه"))
    assert text.count(chrome_text.STEP_AHEAD) == 1
    assert text.index("ثبت شد") < text.index(chrome_text.STEP_AHEAD) < text.index("ملاقات")


def test_the_badge_of_a_step_is_heard_apart_from_its_name() -> None:
    now = RoadStep("now", "ثبت شد", badge=Badge("اکنون"))
    text = drawn(road([RoadStep("past", "نوشته شد"), now], "راه"))
    assert text.count(chrome_text.STEP_STATE) == 1
    assert text.index("ثبت شد") < text.index(chrome_text.STEP_STATE) < text.index("اکنون")


def test_a_step_that_is_done_says_so_to_whoever_hears_it() -> None:
    names = ["منطقه", "موضوع", "مرور"]
    for text in (drawn(stepper(names, 2, "گام‌ها")), str(elements.stepper(names, "گام‌ها", 2))):
        assert f"منطقه{chrome_text.STEP_DONE}" in text
        assert text.count(chrome_text.STEP_DONE) == 1


def test_a_strip_speaks_its_sentence_or_stays_silent_beside_it() -> None:
    assert "aria-label" in drawn(strip([], "نفر ۷ از ۱۲"))
    silent = drawn(strip([], "نفر ۷ از ۱۲", spoken=False))
    assert "aria-label" not in silent
    assert "aria-hidden" in silent


def test_words_about_the_look_of_squares_are_not_spoken() -> None:
    """What they explain is hidden from screen readers, which have the count in a sentence."""
    legend = "هر کاشی یک روز کاری است."
    days = promise_clock(PromiseClock("مهلت", "۳ دی", "۴", "روز مانده", (), legend))
    step = RoadStep("past", "ثبت شد", strip=(Tile("raw"),), strip_label=legend)
    for part in (days.render(), road([step], "راه").render()):
        assert legend in drawn_of(part)
        assert legend not in drawn_of(_heard(part))


def _heard(part: Any) -> Any:
    """Return a drawn part without what is hidden from screen readers."""
    if isinstance(part, list):
        return [_heard(one) for one in part]
    if not isinstance(part, dict):
        return part
    if any("aria-hidden" in one for one in part.get("props", ())):
        return {}
    return {name: _heard(one) for name, one in part.items()}


def test_nothing_of_the_order_is_on_the_page_before_the_session_is_known() -> None:
    paper = OrderPaper("waiting", "شهرداری", "دستور", "", "", image="/x.png", text="محرمانه")
    text = drawn(order_sheet(paper))
    assert "محرمانه" not in text
    assert "/x.png" not in text


def test_a_known_reader_gets_the_image_and_its_text() -> None:
    paper = OrderPaper("written", "شهرداری", "دستور", "", "", image="/x.png", text="متن دستور")
    text = drawn(order_sheet(paper))
    assert "/x.png" in text
    assert "متن دستور" in text


def test_a_code_is_spoken_by_digits_and_copied_without_spaces_between_its_groups() -> None:
    groups = drawn(code_groups("۰۵۰۶۱۲۳۴۵۷"))
    spoken, *seen = re.findall(r'"contents": ""(.*?)""', groups)
    assert (spoken, seen) == ("۰ ۵ ۰ ۶ ۱ ۲ ۳ ۴ ۵ ۷", ["۰۵۰", "۶۱۲", "۳۴۵۷"])
    assert groups.index("select-none") < groups.index("aria-hidden") < groups.index("code-groups")


def test_the_cards_of_a_table_keep_their_heads() -> None:
    assert "data-label" in drawn(data_table("انتظار", ["منطقه", "میانه"], [["۱", "۲"]]))
    heads, body = ["منطقه", "دستور", "دیرکرد"], [["۱", "۳", "۲"], ["۲", "۰", "۰"]]
    late = drawn(data_table("دستورها", heads, body, late=2))
    assert (late.count("row-late"), late.count("text-ink2")) == (1, 2), "a zero is never late"


def test_rows_are_links_when_they_lead_somewhere_and_words_when_they_do_not() -> None:
    assert "/next/" in drawn(rows([Row("متن", href="/next/")]))
    assert "href" not in drawn(rows([Row("متن")]))


@pytest.mark.parametrize(
    "href", ["/auth/out", "/images/1", "https://tehran.ir", "tel:137", "#text"]
)
def test_an_address_outside_the_pages_is_loaded_by_the_browser(href: str) -> None:
    assert f'href:"{href}"' in drawn(anchor("x", href=href))


def test_a_page_is_opened_without_a_reload_unless_that_is_asked_for() -> None:
    assert 'to:"/track/"' in drawn(anchor("x", href="/track/"))
    assert 'href:"/track/"' in drawn(anchor("x", href="/track/", native=True))


def test_a_page_that_breaks_still_has_its_signs_and_a_way_out() -> None:
    outer, inner = sorted(look.wraps(), reverse=True)
    assert outer[1] == "Signs"
    signs = look.wraps()[outer](_STATEFUL)
    assert signs is not None
    assert "i-check" in " ".join(signs._get_all_custom_code())
    assert "allSigns" in drawn(signs)
    boundary = look.wraps()[inner](_STATEFUL)
    assert chrome_text.BROKEN in drawn(boundary)


def test_a_fingerprint_reads_two_bits_at_a_time() -> None:
    assert two_bits("7c1e") == [1, 3, 3, 0, 0, 1, 3, 2]


class _App:
    def __init__(self) -> None:
        self.routes: list[str] = []

    def add_page(self, _draw: object, *, route: str, title: str) -> None:
        assert title
        self.routes.append(route)


def test_stories_are_served_for_trying_out_and_never_in_production() -> None:
    tried, real = _App(), _App()
    pages.add_to(tried, production=False)
    pages.add_to(real, production=True)
    assert "/stories" in tried.routes
    assert real.routes == []


@for_each(pages.STORIES)
def test_a_story_has_one_heading_of_the_first_order(name: str) -> None:
    text = drawn(pages.STORIES[name][1]())
    assert text.count('"name": ""h1""') == 1


def test_the_hint_of_a_question_is_read_with_it() -> None:
    text = drawn(chips("کدام وقت؟", "prefers", [Choice("any", "فرقی ندارد")], hint="جای کسی نه"))
    assert '"aria-describedby":"prefers-hint"' in text
    assert 'id:"prefers-hint"' in text


def test_a_field_is_read_with_the_words_about_it() -> None:
    text = drawn(field("کد پیامک", "code", note="code-note", hint="۶ رقم"))
    assert '"aria-describedby":"code-note code-hint"' in text
