"""The timeline is ordered by time, whatever has become known since."""

from dataclasses import replace
from datetime import timedelta

from cases import DUE_ON, UNIT, follow_up, in_action, issued, take
from test_timeline import seen, states, waited

from publicmeeting.domain.roles import CLOCK
from publicmeeting.domain.stages import Action, OrderAction, OrderStage, Stage

A, O, S = Action, OrderAction, Stage  # noqa: E741  (columns of the table)
DAY = timedelta(days=1)


def test_what_goes_on_stands_where_it_began():
    order = take(in_action(), O.COMMENT, UNIT, note="فردا می‌آییم.", audience="citizen")
    marks = [m for m in seen(follow_up(), [order]) if m.state != "ahead"]
    assert [mark.at for mark in marks] == sorted(mark.at for mark in marks)
    assert [m.action or m.stage for m in marks[-2:]] == [OrderStage.IN_ACTION, O.COMMENT]


def test_lateness_stands_after_the_order_it_is_about():
    late = take(issued(), O.WARN_UNIT, CLOCK, issued().issued_at + 5 * DAY)
    marks = [m for m in seen(follow_up(), [late]) if m.order_number]
    assert [(m.action, m.state) for m in marks[:2]] == [(O.ISSUE, "now"), (O.WARN_UNIT, "past")]


def test_a_lost_stretch_of_waiting_stands_where_it_began():
    request, draws = waited(2)
    early = request.history[1].at + DAY
    request = replace(
        request,
        history=(
            *request.history[:2],
            replace(request.history[1], action=A.EXCLUDE, from_stage=S.WAITING, at=early),
            *request.history[2:],
        ),
    )
    assert states(seen(request, draws=draws), "past") == [A.SUBMIT, A.ACCEPT, S.WAITING, A.EXCLUDE]


def test_what_several_units_will_do_stands_in_the_order_of_its_days():
    first = replace(in_action(), due_on=DUE_ON + 90 * DAY)
    second = replace(in_action(), id="o2", number="2")
    ahead = [m for m in seen(follow_up(), [first, second]) if m.state == "ahead"]
    assert [(m.action, m.order_number) for m in ahead] == [
        (O.REPORT, "2"),
        (O.CONFIRM_DONE, "2"),
        (O.REPORT, first.number),
        (O.CONFIRM_DONE, first.number),
    ]
