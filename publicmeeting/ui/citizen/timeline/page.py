"""`/mine/[code]/`: one request on one page that updates by itself.

`case_view` prepares all that the sections show, in the order of the screen. `page` calls the
sections in the same order; each has its view data, its handlers and its markup in one module.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ClassVar

import reflex as rx

from publicmeeting.application import application
from publicmeeting.domain.records import Request
from publicmeeting.domain.stages import SEATED, Action
from publicmeeting.kit import randomness
from publicmeeting.kit.clock import at_tehran
from publicmeeting.kit.digits import persian
from publicmeeting.text.common import chrome_text
from publicmeeting.text.lifecycle.stages_text import STAGE
from publicmeeting.text.tracking import case_text, road_text
from publicmeeting.text.tracking.day_words import words_of
from publicmeeting.ui.citizen.receipt import log_receipts
from publicmeeting.ui.citizen.shared import of_her_own
from publicmeeting.ui.citizen.timeline.asked import (
    NO_ASK,
    NO_OFFER,
    AskView,
    OfferView,
    ask_card,
    ask_view,
    heard_view,
    offer_card,
    offer_view,
)
from publicmeeting.ui.citizen.timeline.forms import (
    LONGEST_CODE,
    FormFocus,
    answer_line,
    ended_session_line,
    open_form,
    question_card,
)
from publicmeeting.ui.citizen.timeline.moves import (
    FOOT,
    HALL,
    HEARD,
    NO_MOVE,
    NO_QUESTION,
    TELEPHONE,
    Move,
    OpenMoves,
    QuestionView,
    move_of,
    only,
    open_moves,
)
from publicmeeting.ui.citizen.timeline.orders import SheetView, orders, sheet_views
from publicmeeting.ui.citizen.timeline.paper import CheckedPapers
from publicmeeting.ui.citizen.timeline.record import (
    CaseStep,
    MatterView,
    Openings,
    case_steps,
    current_status,
    folded,
    leave_row,
    link_row,
    matter_row,
    matter_view,
    openings_row,
    pictures,
    road_before,
    telephone_proof_row,
    telephone_row,
    without_repeats,
)
from publicmeeting.ui.citizen.timeline.status import (
    NO_DAY,
    NO_WAY,
    DayView,
    StatusView,
    WayView,
    call_alarm,
    day_card,
    day_view,
    place_news,
    status_part,
    status_view,
    way_view,
    words_above,
)
from publicmeeting.ui.citizen.timeline.turn import TurnSteps, TurnView, turn_card, turn_view
from publicmeeting.ui.citizen.timeline.waiting import contest_card, list_card, wait_card
from publicmeeting.ui.design.figures import code_groups
from publicmeeting.ui.design.flow import shown
from publicmeeting.ui.design.frames import back_link, page_title, phone_page, section, site_bar
from publicmeeting.ui.design.models import Choice
from publicmeeting.ui.design.road import road
from publicmeeting.ui.design.sheets import notice, quote
from publicmeeting.ui.design.states import loading
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import query, try_execute, try_query
from publicmeeting.ui.shell.connection.trouble import live_sign
from publicmeeting.ui.shell.live import background, follow, request_and_line
from publicmeeting.ui.shell.parts.line import Reply
from publicmeeting.ui.shell.photos import photos_named
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.filing.pictures import waiting_photos
from publicmeeting.usecases.orders.paper.document_audit import (
    CheckedPaper,
    check_paper,
    request_papers,
)
from publicmeeting.usecases.tracking.timeline import TimelinePage, note_read
from publicmeeting.usecases.tracking.turn import MyTurn, case_page

DAY_SECONDS = 30.0
"""Maximum age of what the page shows on the day, in seconds; the ranges are in steps of five
minutes."""
NOTHING_READ = ("", "")
ANSWER_SECONDS = 600.0
"""How long the answer to a press stands on an open page, in seconds, before it is out of date."""


@dataclass(frozen=True)
class CaseHead(ViewModel):
    code: str = ""
    digits: str = ""
    place: str = ""
    title: str = ""


@dataclass(frozen=True)
class CaseView(ViewModel):
    """Everything she reads of her request, and the steps open to her; `before` is folded."""

    head: CaseHead = CaseHead()
    changed: str = ""
    """What to know of a case that somebody changed past the program; empty for any other."""
    way: WayView = NO_WAY
    status: StatusView = field(default_factory=StatusView)
    day: DayView = NO_DAY
    turn: TurnView = field(default_factory=TurnView)
    ask: AskView = NO_ASK
    offer: OfferView = NO_OFFER
    heard: QuestionView = NO_QUESTION
    sheets: tuple[SheetView, ...] = ()
    before: tuple[CaseStep, ...] = ()
    before_words: str = ""
    road: tuple[CaseStep, ...] = ()
    matter: MatterView = field(default_factory=MatterView)
    withdraw: Move = NO_MOVE
    telephone: Move = NO_MOVE
    by_telephone: bool = False
    telephone_proof: str = ""
    """What a meeting by telephone requires first."""


def case_view(
    page: TimelinePage, turn: MyTurn, moves: OpenMoves, papers: CheckedPapers
) -> CaseView:
    """Return the whole page. `papers` is the result of the last check of her papers' files."""
    own, day = moves.request, words_of(turn.day) if turn.day else None
    status, ask = status_view(page, day, turn.next_draw), ask_view(page, own)
    # Over a lost draw the status names the next one.
    steps = case_steps(page, None if status.draw else turn.next_draw)
    sheets = tuple(sheet_views(page, moves.orders, papers))
    orders = [order for sheet in sheets for order in sheet.orders]
    on_cards = {words for order in orders for words in (order.report, order.question) if words}
    seat = turn_view(page, turn, own)
    steps = without_repeats(
        steps, words_above(page, status), ask, on_cards, is_outside=page.is_outside
    )
    before, road = folded(steps, page.marks)
    return CaseView(
        head=head_view(page.request),
        changed=road_text.CHANGED_HERS if page.is_changed else "",
        way=way_view(page),
        status=replace(status, means="") if _is_repeated(status, seat) else status,
        day=day_view(day, move_of(own, Action.COMING), page.dates.time),
        ask=ask,
        offer=offer_view(page, move_of(own, Action.ACCEPT_ANSWER)),
        heard=heard_view(page, move_of(own, Action.SAY_HEARD)),
        turn=seat,
        sheets=sheets,
        before=before,
        before_words=road_text.BEFORE.format(count=persian(len(before))) if before else "",
        road=road,
        matter=matter_view(page),
        withdraw=move_of(own, Action.WITHDRAW),
        telephone=next(iter(only(own, *TELEPHONE)), NO_MOVE),
        by_telephone=turn.by_telephone,
        telephone_proof=case_text.TELEPHONE_PROOF if page.proves_first else "",
    )


_OF_A_SEAT = frozenset({*(STAGE[stage] for stage in SEATED), case_text.STATUS_OFFERED})


def _is_repeated(status: StatusView, turn: TurnView) -> bool:
    """Return whether the invitation or the pass below says what the status means, with place and
    time."""
    is_drawn = bool(turn.call.head or turn.card.code) and not turn.off
    return is_drawn and status.head in _OF_A_SEAT


def head_view(request: Request) -> CaseHead:
    return CaseHead(
        code=request.code,
        digits=persian(request.code),
        place=case_text.PLACE.format(district=persian(request.district)),
        title=request.title,
    )


def with_hall_code(case: CaseView, digits: str) -> CaseView:
    """Put the code from the hall's QR into the field; she sends it herself."""
    hall = case.turn.hall
    if not hall.may_say or not digits.isascii() or not digits.isdecimal():
        return case
    return replace(case, turn=replace(case.turn, hall=replace(hall, typed=digits)))


class TimelineState(TurnSteps, Openings, rx.State):
    """State of `/mine/[code]/`; read again, with her own rights, after every change of the case."""

    AT_ANY_ADDRESS: ClassVar[frozenset[str]] = frozenset({"keep"})
    LOSES_NOTHING: ClassVar[frozenset[str]] = frozenset(
        {"choose", "close", "choose_time", "show_openings"}
    )
    case: CaseView = CaseView()
    _papers: dict[str, CheckedPaper] = {}
    """Result of the last check of her papers' files: when the page was opened or a paper added."""
    _now: tuple[str, str] = NOTHING_READ
    """Where the request stands, as the top of the page says it and as its road does."""
    _hall: str = ""
    """The code from the QR on the hall's screen."""
    _day_begins: datetime | None = None
    """When the day of her seat begins."""
    _is_her_day: bool = False
    _answer: tuple[int, str, str] = (0, "", "")
    """The answer to a press as the page showed it when it was last read."""
    _answer_at: datetime | None = None
    """The city's time of the first reading after this answer."""

    @rx.event
    async def load(self) -> None:
        """Open the page, with no answer shown and no form open."""
        is_opened = await self._arrives()
        if self.case.head.code != self._code():
            self._store_note(self.case.head.code, self.move.key, self.saved_note)
        self.errors, self.refused, self.done, self.announcement = {}, "", "", ""
        self.place, self.opened_by, self.busy, self.free_time = "", [], False, ""
        self._taken, self._now, self.unsent = "", NOTHING_READ, ""
        self._papers = {}
        self._hall = self.router.url.query_parameters.get(HALL, "")[:LONGEST_CODE]
        self.list_reply = Reply()
        if self.case.head.code != self._code():
            self.ready = False
        await self._read(by_her=is_opened)
        if not self.signed_out:  # what this tab stores is used when she has signed in
            await self._open_first(is_opened=is_opened)

    @background
    async def watch(self) -> None:
        """Follow this request, the line it is in and, on its day, the hall."""
        await follow(self, request_and_line, self._reread, self._quiet_seconds)

    def _quiet_seconds(self) -> float | None:
        """Return after how many seconds without a message to read the page again.

        On the day of her seat the estimated hours change by time alone, and so does whether she
        may still come after her absence was noted. Before it, the page is read
        when the day begins. An answer to a press is removed once it is old.
        """
        if self._is_her_day:
            # Random, so that telephones that reconnected together do not all read at the same time.
            return DAY_SECONDS * (50 + randomness.below(51)) / 100
        if self.done or self.refused:
            return ANSWER_SECONDS
        begins, read = self._day_begins, self._read_at
        if begins is None or read is None or begins <= read:
            return None
        return (begins - read).total_seconds()

    async def _open_first(self, *, is_opened: bool) -> None:
        """Open the form stored in this tab; else that of the only step she is asked for.

        A form that the case has closed while she had no network stays with its text: her press may
        wait in the browser, and is refused in words.
        """
        code, _, rest = self.open_step.partition(" ")
        key, *photos = rest.split(" ")
        stored = self._moves.get(key) if code == self._code() else None
        if stored is not None:
            self.move, self.place = stored, stored.place
            waiting = (await try_query(self, waiting_photos, Nothing()) or ()) if photos else ()
            self.sent = photos_named([photo for photo in photos if photo in waiting])
            return
        if code == self._code() and not is_opened and self.saved_note.strip():
            self.place = self.move.place
            return
        if code == self._code():
            self._show_unsent(key, self.saved_note)
        stored_key, note = self._notes.get(self._code(), ("", ""))
        stored_move = self._moves.get(stored_key)
        if stored_move is not None:
            self._notes = {one: note_ for one, note_ in self._notes.items() if one != self._code()}
            self._open(stored_move)
            self.place, self.saved_note = stored_move.place, note
            return
        self.unsent = note
        moves = self.case.ask.moves
        self._open(moves[0] if self.case.ask.is_asked and len(moves) == 1 else NO_MOVE)
        self.place = self.move.place

    async def _reread(self) -> None:
        """Read again after a change, and announce once what is new.

        What the page says at its top comes first: on her day the road may still say «waiting» of
        whoever was written down as absent.
        """
        before, lane, day = self._now, self.case.turn.lane, self.case.day
        await self._read(by_her=False)
        news = next((new for old, new in zip(before, self._now, strict=True) if new != old), "")
        if not news and self.case.turn.lane != lane:
            news = self.case.turn.lane.head
        if before[0] and news:
            # A call has its own alert.
            called = self.case.status.is_called
            self.announcement = "" if called else case_text.CHANGED.format(what=news)
            self.done = ""  # her last command is not the newest change any more
        elif moved := place_news(day, self.case.day):
            self.announcement = moved
        self._drop_old_answer()

    def _drop_old_answer(self) -> None:
        """Remove an answer that has stood for `ANSWER_SECONDS` of the city's time."""
        answer = (self.answers, self.done, self.refused)
        if answer != self._answer or self._answer_at is None:
            self._answer, self._answer_at = answer, self._read_at
        elif self._read_at and (self._read_at - self._answer_at).total_seconds() >= ANSWER_SECONDS:
            self.done = self.refused = ""

    async def _read(self, *, by_her: bool = True) -> None:
        """Read the page. With `by_her`, questions to her are marked as seen.

        That is only true if she has opened the page or pressed something: an open tab reads by
        itself, and perhaps nobody looks at it.
        """
        command = OneCase(code=self._code())
        found = await query(self, case_page, command)
        if found is None:
            return
        page, turn = found
        if {order.sheet for order in page.orders if order.image} != set(self._papers):
            self._papers = await checked_papers(self, command.code)
        self._show(page, turn)
        if by_her:
            self._answer_at = None
        if page.is_unread and by_her:
            await try_execute(self, note_read, command)

    def _show(self, page: TimelinePage, turn: MyTurn) -> None:
        page = page.pressed_here(self._let_go)
        moves = open_moves(page, turn)
        case = case_view(page, turn, moves, self._papers)
        self.case = case = with_hall_code(case, self._hall)
        offered = {case.offer.accept.key: case.offer.accept} if case.offer.head else {}
        self._moves = {**moves.by_key(), **offered}
        self._now = (case.status.head, current_status(page, case.road))
        self._read_at = page.now
        self._is_her_day = turn.day is not None
        seat = page.request.seat
        self._day_begins = at_tehran(seat.monday) if seat else None

    def _free_seat(self) -> tuple[Sequence[Choice], Move]:
        return self.case.turn.free_times, self.case.turn.take

    def _noted(self) -> str:
        return self.case.turn.hall.head

    def _is_by_telephone(self) -> bool:
        return self.case.by_telephone


async def checked_papers(state: rx.State, code: str) -> dict[str, CheckedPaper]:
    """Return sheet number → result of checking its files now; read and hashed outside the event
    loop."""
    papers = await try_query(state, request_papers, OneCase(code=code))
    if not papers:
        return {}
    images, originals = application().images, application().originals
    results = await rx.run_in_thread(
        lambda: [check_paper(paper, images, originals) for paper in papers]
    )
    return {paper.sheet: paper for paper in results}


S = TimelineState
CASE = S.case


def page() -> rx.Component:
    """The page: first what the city waits for, then the orders, whether she was heard, and the
    road."""
    return phone_page(
        of_her_own(
            rx.cond(S.ready, _case(), loading("card")),
            CASE.head.code,
            signed_out=S.signed_out & ~CASE.head.code,
            unchosen=S.unchosen,
            missing=S.missing,
        ),
        bar=bar(),
        announcement=S.announcement,
    )


def bar() -> rx.Component:
    """The bar with the live sign, once she sees her case; an ended session takes it away again.

    «قطع» would be read as a lost connection.
    """
    sign = shown(S.ready & ~S.signed_out, live_sign())
    return site_bar(back_link(chrome_text.MINE, "/mine/"), sign)


def _case() -> rx.Component:
    return rx.fragment(
        page_title(
            CASE.head.title,
            rx.fragment(
                CASE.head.place, " ", code_groups(CASE.head.digits, "font-semibold text-ink")
            ),
        ),
        call_alarm(),
        ended_session_line(S),
        FormFocus.create(form=S.move.key, answer=S.done | S.refused),
        shown(
            CASE.changed,
            rx.el.div(notice(road_text.CHANGED, CASE.changed, tone="brick"), class_name="mb-4"),
        ),
        status_part(CASE.status, CASE.way, CASE.day.call),
        rx.el.div(
            day_card(S, CASE.day),
            ask_card(S, CASE.ask),
            shown(S.unsent, quote(case_text.UNSENT, S.unsent)),
            turn_card(S, CASE.turn, CASE.head.code),
            offer_card(S, CASE.offer),
            list_card(S, CASE.turn.list),
            class_name="grid gap-4",
        ),
        contest_card(CASE.turn.contest),
        wait_card(S, CASE.turn.wait, CASE.turn.mondays, CASE.turn.lane),
        orders(S, CASE.sheets),
        rx.el.div(
            rx.fragment(question_card(S, CASE.heard), answer_line(S, HEARD)),
            class_name="mt-6 grid gap-4 empty:hidden",
        ),
        section(
            road_text.TITLE,
            rx.el.div(
                road_before(CASE.before, CASE.before_words),
                road(CASE.road, road_text.TITLE, extra=pictures),
            ),
        ),
        _rest(),
    )


def _rest() -> rx.Component:
    """Folded: what she wrote, who has opened it, receipt and proof, and how to withdraw."""
    code = CASE.head.code
    return rx.el.div(
        rx.el.h2(road_text.IN_THE_LOG, class_name="sr-only"),
        log_receipts(code, [CASE.status, CASE.turn, CASE.road]),
        rx.el.ul(
            matter_row(CASE.matter),
            openings_row(S, CASE.matter.opened),
            link_row("qr", case_text.RECEIPT, f"/receipt/{code}/"),
            link_row("lock", case_text.PROOF, f"/proof/{code}/"),
            telephone_row(S, CASE.telephone),
            telephone_proof_row(CASE.telephone_proof),
            leave_row(S, CASE.withdraw),
            class_name="rows mt-4",
        ),
        rx.el.div(answer_line(S, FOOT), open_form(S, FOOT), class_name="mt-4 grid gap-4"),
        class_name="no-print mt-8 border-t border-line pt-6",
    )
