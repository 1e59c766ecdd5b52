"""One paper of the mayor's orders: the signed sheet with its larger view and its text, and what its
files show today.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import reflex as rx

from publicmeeting.domain.choices import SheetPart
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import clock_words, day_words
from publicmeeting.text.common import chrome_text
from publicmeeting.text.common.dates_text import DateWords
from publicmeeting.text.lifecycle.roles_text import who
from publicmeeting.text.orders import sheet_text
from publicmeeting.text.tracking import case_text, citizen_orders_text
from publicmeeting.ui.design.controls import button, dialog
from publicmeeting.ui.design.figures import ltr
from publicmeeting.ui.design.flow import any_of, each
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.models import OrderPaper
from publicmeeting.ui.design.paper import fingerprint, order_paper
from publicmeeting.ui.design.sheets import folded, notice
from publicmeeting.ui.reflex.view_model import OmitEmpty, ViewModel
from publicmeeting.usecases.orders.paper.document_audit import CheckedPaper, CheckedPart, FileState
from publicmeeting.usecases.tracking.orders import CitizenOrder
from publicmeeting.usecases.tracking.timeline import TimelinePage

MARK = 8
"""Number of characters of a hash that people compare."""
_NO_PAPER = OrderPaper("typed", "", "", "", "")
CheckedPapers = Mapping[str, CheckedPaper]
"""Number of a sheet → the result of checking its files."""


@dataclass(frozen=True)
class CustodyLine(OmitEmpty):
    """One file: what it is, when and by whom it was made, and the first characters of its hash."""

    word: str
    when: str
    mark: str
    wrong: str = ""


@dataclass(frozen=True)
class CustodyView(ViewModel, OmitEmpty):
    """Either `sound` or `broken` is set; neither for a paper from before custody was recorded."""

    sound: str = ""
    broken: str = ""
    mark: str = ""
    mark_label: str = ""
    lines: tuple[CustodyLine, ...] = ()


NO_CUSTODY = CustodyView()


@dataclass(frozen=True)
class PaperView(OmitEmpty):
    """One paper; `number` is the paper's own, which several orders may share."""

    number: str
    image: str = ""
    image_alt: str = ""
    paper: OrderPaper = _NO_PAPER
    """The paper as text, if there is no picture: a referral has only a text."""
    hidden: str = ""
    """Why neither picture nor text is here: the paper was issued on the wrong visitor's sheet."""
    text: str = ""
    rest: str = ""
    """A sentence if the sheet contains more than this text."""
    pdf: str = ""
    custody: CustodyView = NO_CUSTODY


def paper_view(first: CitizenOrder, paper: CheckedPaper | None, page: TimelinePage) -> PaperView:
    """Return the paper of an order and what the last check of its files found."""
    district = page.request.district
    hidden = citizen_orders_text.why_hidden(
        first.hidden_until, page.right_order_until, is_void=first.line.is_void
    )
    return PaperView(
        number=first.sheet,
        image=f"/images/{first.image.id}" if first.image else "",
        image_alt=case_text.ORDER_IMAGE if first.text else case_text.ORDER_IMAGE_BY_HAND,
        paper=_NO_PAPER if first.image or hidden else _typed_paper(first, district),
        hidden=hidden,
        text=first.text,
        rest=citizen_orders_text.REST_BY_HAND if first.by_hand else "",
        pdf=f"/orders/{first.line.number}.pdf" if first.has_print else "",
        custody=custody_view(paper, district, page.dates) if paper else NO_CUSTODY,
    )


def _typed_paper(order: CitizenOrder, district: int) -> OrderPaper:
    return OrderPaper(
        kind="typed",
        unit_name=sheet_text.head(district),
        title=sheet_text.TITLE,
        date=day_words(order.line.issued_on),
        number=persian(order.line.number),
        district=district,
        text=order.text,
    )


def custody_view(paper: CheckedPaper, district: int, dates: DateWords) -> CustodyView:
    """Return what the files of a paper show today, part by part."""
    composed = next((part for part in paper.parts if part.part is SheetPart.COMPOSED), None)
    if composed is None:
        return NO_CUSTODY
    mark = composed.sha256[:MARK]
    changed = "، ".join(
        sheet_text.PART[part.part] for part in paper.parts if part.found is not FileState.SAME
    )
    since = {"day": dates.day(composed.at), "time": clock_words(composed.at)}
    return CustodyView(
        sound=sheet_text.SOUND.format(**since) if paper.is_sound else "",
        broken=sheet_text.BROKEN_LEAD.format(parts=changed) if changed else "",
        mark=mark,
        mark_label=sheet_text.FINGER.format(mark=mark),
        lines=tuple(_custody_line(part, district, dates) for part in paper.parts),
    )


def _custody_line(part: CheckedPart, district: int, dates: DateWords) -> CustodyLine:
    return CustodyLine(
        word=sheet_text.PART[part.part],
        when=sheet_text.WHEN.format(moment=dates.near(part.at), who=who(part.role, district)),
        mark=part.sha256[:MARK],
        wrong="" if part.found is FileState.SAME else sheet_text.CHANGED,
    )


def paper_part(paper: PaperView) -> rx.Component:
    """The signed sheet with its larger view and its text. A referral has only a text."""
    sheet_image = rx.el.figure(
        rx.el.img(src=paper.image, alt=paper.image_alt, class_name="w-full", decoding="async"),
        class_name="paper",
    )
    zoom = _opener("zoom", chrome_text.ZOOM, "whole-", paper)
    read = _opener("doc", chrome_text.READ_TEXT, "text-", paper)
    by_hand = rx.el.p(citizen_orders_text.NO_TEXT, class_name="text-ink2")
    links = rx.cond(
        paper.text,
        rx.el.div(zoom, read, class_name="pair"),
        rx.el.div(by_hand, zoom, class_name="grid gap-3"),
    )
    printable = button(
        citizen_orders_text.PDF,
        kind="secondary",
        size="sm",
        sign="print",
        href=paper.pdf,
        native=True,
    )
    text = rx.el.div(
        rx.el.p(paper.text, class_name="whitespace-pre-line wrap-anywhere text-h3 font-normal"),
        rx.cond(paper.rest, rx.el.p(paper.rest, class_name="border-t border-line pt-3")),
        class_name="grid max-w-read gap-3",
    )
    return rx.cond(
        paper.image,
        rx.el.div(
            sheet_image,
            links,
            rx.cond(paper.pdf, rx.el.div(printable, class_name="grid")),
            _custody(paper.custody),
            dialog(f"whole-{paper.number}", sheet_text.TITLE, sheet_image, full=True),
            rx.cond(paper.text, dialog(f"text-{paper.number}", sheet_text.TITLE, text)),
            class_name="grid gap-3",
        ),
        rx.cond(paper.hidden, notice(paper.hidden), order_paper(paper.paper)),
    )


def _custody(custody: CustodyView) -> rx.Component:
    """Since when the paper is unchanged, and each file on request; a warning if one has changed."""
    line = rx.el.div(
        fingerprint(custody.mark, custody.mark_label),
        rx.el.p(
            rx.el.span(custody.sound, class_name="block"),
            ltr(custody.mark, "font-semibold"),
            class_name="text-meta text-ink2",
        ),
        class_name="flex items-center gap-4",
    )
    files = folded(
        sheet_text.STEPS,
        rx.el.ol(each(custody.lines, _file), class_name="mt-2 grid gap-2"),
        rx.el.p(sheet_text.WHY, class_name="mt-3 text-meta text-ink2"),
    )
    broken = notice(
        sheet_text.BROKEN,
        custody.broken,
        tone="brick",
        action=rx.el.p(sheet_text.BROKEN_THEN),
    )
    return rx.cond(
        any_of(custody.lines),
        rx.el.div(rx.cond(custody.broken, broken, line), files, class_name="grid gap-1"),
    )


def _file(line: CustodyLine) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.el.span(line.word, class_name="block font-semibold"),
            rx.el.span(line.when, class_name="block text-meta text-ink2"),
            rx.cond(
                line.wrong, rx.el.span(line.wrong, class_name="block font-semibold text-brick")
            ),
        ),
        ltr(line.mark, "text-meta"),
        class_name="flex items-start justify-between gap-4",
    )


def _opener(sign: str, label: str, prefix: str, paper: PaperView) -> rx.Component:
    script = f"document.getElementById('{prefix}'+" + str(paper.number) + ").showModal()"
    return rx.el.button(
        icon(sign),
        rx.el.span(label),
        type="button",
        on_click=rx.run_script(script),
        class_name="btn btn-secondary",
    )
