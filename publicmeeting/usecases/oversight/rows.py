"""Checks that rows of requests, orders, seats and notices agree with events and the log."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from publicmeeting.domain.lifecycle.advance import recipients
from publicmeeting.domain.lifecycle.climbing import standing
from publicmeeting.domain.lifecycle.notices import Timely
from publicmeeting.domain.people import Level
from publicmeeting.domain.records import FILED_ABOUT, is_move_to
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import LIVE, Action
from publicmeeting.store.lifecycle.outbox import CALL_WITHIN
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.kinds import Kind
from publicmeeting.usecases.lifecycle.effects.ticket_effects import filed_seq, last_entry
from publicmeeting.usecases.oversight.findings import Finding
from publicmeeting.usecases.oversight.held_seats import seats_given

_WAITS_MOST = timedelta(days=1)
"""Longer than any pause between two tries of a notice."""


def promises_match(uow: UnitOfWork, _now: datetime) -> Iterator[Finding]:
    """Check that an order's owner, deadlines and next climb follow from its events.

    So must the end of each live request's stage. A meeting that ended with an order has one.
    """
    for code, stands, wanted in uow.inspection.late_by_row(sorted(LIVE)):
        what = f"its deadline is {stands}, its events say {wanted}"
        yield Finding(f"request {code}", what)
    rows = uow.inspection.promises()
    for number in uow.inspection.without_picture():
        yield Finding(f"order {number}", "its picture has no row")
    for key, request_id, events in uow.inspection.histories_of_orders():
        row = rows.get(key)
        if row is None or events is None:
            continue
        try:
            found = standing(events)
        except ValueError:
            continue  # `replays` reports that its events do not join
        climb = found.next_climb()
        newest = events[::-1]
        unit = next((event.payload["unit"] for event in newest if "unit" in event.payload), None)
        began = next((event.at for event in newest if event.from_stage != event.to_stage), None)
        issued = events[0].payload
        expected = {
            "number": (row.name, issued.get("number", row.name)),
            # One without a row is reported above.
            "picture": (row.sheet, issued.get("sheet", row.sheet) if row.sheet else None),
            # Sealed, so the database owner can only remove it.
            "promise": tuple(
                "there" if one else "gone"
                for one in (row.has_promise, issued.get("promised", row.has_promise))
            ),
            "request": (row.request_id, request_id),
            "district": (row.district, row.requested_in),
            "unit": (row.unit_id, unit),
            "day": (row.issued_at, events[0].at),
            "stage's beginning": (row.stage_at, began),
            "deadline": (row.due_at, found.due_at),
            "due date": (row.due_on, found.due_on),
            "first due date": (row.first_due_on, found.first_due_on),
            "next climb": (row.climbs_at, climb.at if climb else None),
            "report in time": (row.on_time, found.on_time),
            "end": (row.ended_by, found.ended_by),
        }
        for what, (stands, wanted) in expected.items():
            if stands != wanted:
                yield Finding(
                    f"order {row.name}", f"its {what} is {stands}, its events say {wanted}"
                )
    promised = {row.request_id for row in rows.values()}
    finished = {key for key, _ in uow.inspection.happened(Action.FINISH)} - promised
    for request in uow.inspection.requests():
        if request.id in finished:
            what = "its meeting ended with an order, and there is no order"
            yield Finding(f"request {request.name}", what)


def rows_match(uow: UnitOfWork, _now: datetime) -> Iterator[Finding]:
    """Check that rows of requests and seats agree with their events.

    Checked are the times of filing and of stages, subjects, the reasons and deadlines of seats, and
    that a search finds every live request.
    """
    for code, what, stands, wanted in uow.inspection.misdated():
        yield Finding(f"request {code}", f"its {what} is {stands}, its events say {wanted}")
    subjects = uow.inspection.subjects()
    for key, event in uow.inspection.happened(Action.SUBMIT):
        code, subject = subjects.get(key, (key, None))
        wanted = event.payload.get(FILED_ABOUT, subject)
        if subject != wanted:
            yield Finding(f"request {code}", f"its subject is {subject}, its events say {wanted}")
    for code in uow.inspection.unsearchable(sorted(LIVE)):
        yield Finding(f"request {code}", "its search marks are lost: a search does not find it")
    yield from seats_given(uow)


def reached_as_set(uow: UnitOfWork, _now: datetime) -> Iterator[Finding]:
    """Check that each citizen's mobile and proof are those of her history."""
    for person, what in uow.standings.outdated():
        yield Finding(f"person {person}", what)


def places_tagged(uow: UnitOfWork, _now: datetime) -> Iterator[Finding]:
    """Check that this program wrote each Monday's place and each district's approved texts.

    Saving the place, or approving texts, tags them.
    """
    what = "past this program, so that citizens read «ask 137» in its place"
    districts = {(seat.request_id, seat.monday): seat.district for seat in uow.inspection.seats()}
    moved = {
        (districts.get((key, day)), day)
        for key, event in uow.inspection.happened(Action.CHANGE_PLACE)
        for day in [date.fromisoformat(str(event.payload["monday"]))]
        if is_move_to(event, day)
    }
    for day in uow.city.mondays():
        if not day.is_genuine or (not day.is_set and (day.district, day.on) in moved):
            where = f"monday of district {day.district}, {day.on}"
            yield Finding(where, f"its place or guest was written or changed {what}")
    for version in uow.district_texts.untagged():
        where = f"district {version.district}"
        yield Finding(where, f"its texts from {version.from_on} were written or changed {what}")


def notices_match(uow: UnitOfWork, now: datetime) -> Iterator[Finding]:
    """Check that every notice to a citizen exists and does not wait unusually long.

    Whether it was sent, as its row states, cannot be proved here; the provider has a list.
    """
    for found in uow.noticed.notices_since(uow.noticed.first_event(now - CALL_WITHIN)):
        action = found.event.action
        of_it = frozenset({action.value, *(kind.value for kind in Timely)})
        is_own_notice = False
        for notice in found.notices:
            is_to_her = notice.role == Role.CITIZEN and notice.person_id == found.person_id
            is_of_case = (notice.request_id, notice.order_id) == (found.request_id, found.order_id)
            is_right = is_of_case and notice.action in of_it
            is_own_notice |= is_to_her and notice.action == action
            if not is_right or not (is_to_her or notice.person_id is None):
                where = f"notice {notice.number}"
                yield Finding(where, "is not of its event, or goes to another person")
        if not is_own_notice and Role.CITIZEN in recipients(found.event):
            what = f"its citizen has no notice of event {found.event.id}"
            yield Finding(f"request {found.code}", what)
    for number in uow.noticed.postponed(uow.machine_now + _WAITS_MOST):
        yield Finding(f"notice {number}", "waits longer than any notice is made to wait")


def proofs_logged(uow: UnitOfWork, _now: datetime) -> Iterator[Finding]:
    """Report requests of verified persons without a proof in the log.

    The request must be filed as verified, or have a card or a sign-on since. One changed row would
    otherwise open the door to four digits, and a meeting by telephone to somebody whom nobody has
    seen. A citizen who came back into the line may have proved herself outside it, which has no
    entry. Matches by the national service have none either.
    """
    for code, ticket in uow.inspection.verified():
        try:
            filed = uow.log.entry(filed_seq(uow, ticket))
        except KeyError:  # `tables_follow` reports it
            continue
        is_logged = filed.body["level"] == Level.VERIFIED or any(
            last_entry(uow, ticket, kind) for kind in (Kind.VERIFIED, Kind.TAKEN_IN)
        )
        if not is_logged:
            what = "its person is verified, the log knows of no card or sign-on"
            yield Finding(f"request {code}", what)
