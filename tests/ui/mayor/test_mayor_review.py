"""The review of the last weeks' promises in the mayor's tab."""

from datetime import timedelta

import pytest
from support.hall import TECHNICAL, Hall
from support.line import MONDAY
from support.pages import drawn
from support.staff_tab import Tab

from publicmeeting.domain.stages import OrderAction, OrderStage
from publicmeeting.kit.clock import at_tehran
from publicmeeting.text.lifecycle.stages_text import ORDER_STAGE
from publicmeeting.text.orders import orders_text
from publicmeeting.ui.mayor import orders as list_views
from publicmeeting.ui.mayor.review import ReviewState
from publicmeeting.usecases.orders.lists import OrdersList, orders_list

WEEK = timedelta(weeks=1)


def opened(hall: Hall, query: str = "", who: str = "mayor") -> ReviewState:
    return Tab(hall.application, who).opens(ReviewState, f"/mayor/review/{query}")


@pytest.fixture
def numbers(hall: Hall) -> list[str]:
    """Numbers of a late order, a finished one and a running one, looked at a week later."""
    late = hall.met(hall.guests[0], TECHNICAL, due_on="2026-12-01")[0].number
    done, runs = (hall.met(guest, TECHNICAL)[0].number for guest in hall.guests[1:])
    for number in (late, done, runs):
        hall.step("technical", number, OrderAction.TAKE_ON)
    hall.step("technical", done, OrderAction.REPORT, note="شد.")
    hall.guests[1].does(done, OrderAction.CONFIRM_DONE)
    hall.clock.set(at_tehran(MONDAY + WEEK, "08:30"))
    return [late, runs, done]


def test_the_late_ones_come_first_and_leaf_is_her_own_word(hall: Hall, numbers: list[str]) -> None:
    week = opened(hall).page.weeks[0]
    assert week.title == "دوشنبه ۹ آذر"
    assert [row.href for row in week.rows] == [f"/mayor/orders/{number}/" for number in numbers]
    assert [row.badge.tone for row in week.rows] == ["glaze", "glaze", "leaf"], (
        "a stage as elsewhere"
    )
    assert week.rows[0].end == "۴ روز کاری دیرکرد"
    assert [tile.kind for tile in week.tiles] == ["late", "raw", "glazed"]


def test_every_line_has_its_paper_small_and_its_sentence(hall: Hall, numbers: list[str]) -> None:
    lines = hall.query("mayor", orders_list, OrdersList()).lines
    papers = {f"/images/{line.image_id}/thumb" for line in lines}
    rows = opened(hall).page.weeks[0].rows
    assert papers <= {row.thumb for row in rows}
    assert all(row.thumb.endswith("/thumb") for row in rows)
    assert {row.title for row in rows} == {line.title for line in lines}, "as on its own page"
    assert all(row.meta.startswith(lines[0].promise.rstrip(".")) for row in rows)
    listed = list_views.order_rows(hall.query("mayor", orders_list, OrdersList()), "")
    assert all(row.thumb.endswith("/thumb") for row in listed)


def test_a_late_order_that_nobody_took_on_names_its_stage_once(hall: Hall) -> None:
    hall.met(hall.guests[0], TECHNICAL, due_on="2026-12-01")
    hall.clock.set(at_tehran(MONDAY + 2 * WEEK, "08:30"))
    hall.application.worker.tick()
    (row,) = (row for week in opened(hall).page.weeks for row in week.rows)
    assert row.badge.word == ORDER_STAGE[OrderStage.ISSUED]
    assert row.badge.word not in {tag.word for tag in row.tags}
    assert row.tags, "how far it has climbed is shown"


def test_the_figures_say_what_the_rows_show(hall: Hall, numbers: list[str]) -> None:
    page = opened(hall).page
    assert [(figure.number, figure.late) for figure in page.figures] == [
        ("۳", False),
        ("۱", False),
        ("۱", True),
    ]
    assert page.rest == ("در مهلت: ۱",)


def test_weeks_without_a_promise_say_so_and_an_empty_page_says_what_will_come(hall: Hall) -> None:
    assert opened(hall).page.empty
    hall.met(hall.guests[0], TECHNICAL)
    hall.clock.forward(days=1)
    page = opened(hall).page
    assert not page.empty
    assert [week.none for week in page.weeks] == ["", *[orders_text.REVIEW_NONE_ISSUED] * 3]


def test_other_weeks_are_addresses(hall: Hall, numbers: list[str]) -> None:
    hall.clock.set(at_tehran(MONDAY + 5 * WEEK, "08:30"))
    page = opened(hall).page
    assert page.later == ""
    assert page.earlier == f"/mayor/review/?last={(MONDAY + 3 * WEEK).isoformat()}"
    before = opened(hall, page.earlier.removeprefix("/mayor/review/")).page
    assert before.later == f"/mayor/review/?last={(MONDAY + 4 * WEEK).isoformat()}"


def test_a_broken_address_is_told_and_nobody_else_finds_the_page(hall: Hall) -> None:
    broken = opened(hall, "?last=tomorrow")
    assert broken.refused == orders_text.REVIEW_UNKNOWN
    assert not broken.missing
    assert len(broken.page.weeks) == 4
    for who in ("technical", "desk", "overseer"):
        assert opened(hall, who=who).missing


@pytest.mark.parametrize(
    "path",
    ["/mayor", "/mayor/orders", "/mayor/orders/[number]", "/mayor/profile", "/mayor/review"],
)
def test_the_title_comes_before_filters_and_figures_also_in_one_column(path: str) -> None:
    page = drawn()[path]
    assert page.rindex(r'"\"h1\""') < page.index("tablet-side")
