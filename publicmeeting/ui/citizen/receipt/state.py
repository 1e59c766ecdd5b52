"""The receipt's view model and state: read by its citizen or by the officer who filed for her."""

from dataclasses import dataclass
from datetime import datetime

import reflex as rx

from publicmeeting.domain.districts import subject
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import weekday_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.filing import receipt_text
from publicmeeting.text.lifecycle.roles_text import ROLE
from publicmeeting.ui.citizen.outlook import monday_tiles, range_sentence
from publicmeeting.ui.citizen.shared import code_of
from publicmeeting.ui.design.models import RoadKind, RoadStep, Tile
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import Asking, query
from publicmeeting.usecases.accounts.viewer import viewer
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.filing.receipts import Receipt, receipt
from publicmeeting.usecases.line.expectation import Outlook
from publicmeeting.usecases.tracking.turn import my_turn


@dataclass(frozen=True)
class ReceiptView(ViewModel):
    code: str = ""
    digits: str = ""
    district: int = 0
    lead: str = ""
    title: str = ""
    ticket: str = ""
    log: str = ""
    log_seal: str = ""
    """Of the log's root, what is drawn in tiles."""
    sms: str = ""
    assisted: str = ""
    wait: tuple[Tile, ...] = ()
    wait_range: str = ""
    steps: tuple[RoadStep, ...] = ()
    is_hers: bool = False
    """Whether its citizen reads it, who has a timeline and a proof; not an officer who filed it."""


def receipt_view(
    facts: Receipt, outlook: Outlook | None, now: datetime, *, is_hers: bool
) -> ReceiptView:
    return ReceiptView(
        code=facts.code,
        digits=persian(facts.code),
        district=facts.district,
        lead=receipt_text.LEAD.format(
            district=persian(facts.district), subject=subject(facts.subject).name
        ),
        title=facts.title,
        ticket=facts.ticket,
        log=facts.log.printed,
        log_seal=facts.log.root[:8],
        sms=receipt_text.SMS if facts.has_mobile else receipt_text.NO_SMS,
        assisted=receipt_text.ASSISTED.format(who=ROLE[facts.assisted]) if facts.assisted else "",
        wait=monday_tiles(outlook) if outlook else (),
        wait_range=range_sentence(outlook) if outlook else "",
        steps=tuple(next_steps(facts, now)),
        is_hers=is_hers,
    )


def next_steps(facts: Receipt, now: datetime) -> list[RoadStep]:
    """The next steps, each with its date."""
    steps = [RoadStep("past", receipt_text.FILED, dates_text.near_moment(facts.filed_at, now))]
    if facts.screened_by:
        # The dates are those at filing: one that has passed does not mean that the step was taken.
        kind: RoadKind = "now" if now < facts.screened_by else "ahead"
        steps.append(
            RoadStep(
                kind,
                receipt_text.SCREENED,
                dates_text.until_words(facts.screened_by),
                icon="inbox",
            )
        )
    if facts.draw_at and facts.first_monday:
        when = receipt_text.DRAWN_FOR.format(
            moment=dates_text.near_moment(facts.draw_at, now),
            monday=weekday_day(facts.first_monday),
        )
        steps.append(RoadStep("ahead", receipt_text.DRAWN, when))
    return [*steps, RoadStep("ahead", receipt_text.MET)]


class ReceiptState(Asking, rx.State):
    """`/receipt/[code]/`."""

    receipt: ReceiptView = ReceiptView()

    @rx.event
    async def load(self) -> None:
        """Read the receipt and, for its citizen, the Mondays she can expect."""
        self.receipt = ReceiptView()
        command = OneCase(code=code_of(self))
        facts = await query(self, receipt, command)
        who = await query(self, viewer, Nothing()) if facts is not None else None
        if facts is None or who is None:
            return
        turn = await query(self, my_turn, command) if who.is_citizen else None
        outlook = turn.outlook if turn else None
        self.receipt = receipt_view(facts, outlook, who.now, is_hers=who.is_citizen)
