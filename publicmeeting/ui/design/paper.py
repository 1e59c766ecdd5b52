"""Papers: an order and its promise, an invitation, the pass for the day, and a hash as tiles."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import reflex as rx

from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import parts
from publicmeeting.text.common import chrome_text
from publicmeeting.text.districts import home_text
from publicmeeting.text.filing import receipt_text
from publicmeeting.ui.design.controls import button, dialog, open_dialog
from publicmeeting.ui.design.figures import code_groups, ltr, strip
from publicmeeting.ui.design.flow import each, in_browser, is_plain, pick, shown
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.models import (
    Invitation,
    OrderPaper,
    Pass,
    PassLine,
    PromiseClock,
    PromiseDay,
    Tile,
)
from publicmeeting.ui.design.sheets import folded
from publicmeeting.ui.design.tehran import mark


def order_paper(paper: OrderPaper) -> rx.Component:
    """The order's sheet: letterhead, content, and a foot with the first characters of its log
    hash."""
    sheet = rx.el.article(
        letterhead(paper),
        rx.el.div(_ink(paper), class_name="paper-ink"),
        rx.el.div(
            rx.el.span(paper.foot),
            shown(paper.log, rx.el.span(chrome_text.ORDER_LOG, " ", ltr(paper.log))),
            class_name="paper-foot",
        ),
        aria_label=paper.title,
        class_name=pick(paper.kind == "photo", "paper paper-photo", "paper"),
    )
    whole = pick(paper.kind == "sheet", _whole(paper), sheet)
    return pick(paper.kind == "waiting", _waiting(), whole)


def _whole(paper: OrderPaper) -> rx.Component:
    """The composed picture, which already contains letterhead, content and foot."""
    return rx.el.article(
        rx.el.img(
            src=paper.image,
            alt=paper.image_alt,
            loading="lazy",
            decoding="async",
            class_name="h-auto w-full print:max-h-[60vh] print:object-contain",
        ),
        aria_label=paper.title,
        class_name="paper overflow-hidden",
    )


def letterhead(paper: OrderPaper) -> rx.Component:
    """The head of the sheet, also above the mayor's ink pad."""
    return rx.el.header(
        rx.el.div(
            mark(paper.district),
            rx.el.div(
                rx.el.p(paper.unit_name, class_name="paper-unit"),
                rx.el.p(paper.title, class_name="text-ink2"),
            ),
            class_name="flex items-center gap-2.5",
        ),
        rx.el.dl(
            _head_fact(chrome_text.ORDER_DATE, paper.date),
            _head_fact(chrome_text.ORDER_NUMBER, paper.number),
        ),
        class_name="paper-head",
    )


def _head_fact(label: str, value: str) -> rx.Component:
    return shown(
        value,
        rx.el.div(
            rx.el.dt(label, class_name="font-normal text-ink2"),
            rx.el.dd(value),
            class_name="flex gap-1.5",
        ),
    )


def _ink(paper: OrderPaper) -> rx.Component:
    image = rx.el.img(src=paper.image, alt=paper.image_alt, loading="lazy", decoding="async")
    typed = rx.el.p(paper.text, class_name="paper-typed")
    return pick(paper.kind == "typed", typed, image)


def _waiting() -> rx.Component:
    """An outline until the session is checked: nothing of the order is in the page."""
    return rx.el.div(
        icon("lock"), rx.el.p(chrome_text.ORDER_HIDDEN), class_name="paper paper-raw gap-3 p-6"
    )


def order_sheet(paper: OrderPaper) -> rx.Component:
    """The paper, two buttons below it, and their dialogs: the larger view and the text version."""
    zoom, text = "order-zoom", "order-text"
    return rx.el.div(
        order_paper(paper),
        shown(
            paper.kind != "waiting",
            rx.el.div(
                rx.el.div(
                    _opener("zoom", chrome_text.ZOOM, zoom),
                    _opener("doc", chrome_text.READ_TEXT, text),
                    class_name="pair mt-3",
                ),
                dialog(zoom, paper.title, order_paper(paper), full=True),
                dialog(
                    text,
                    paper.title,
                    rx.el.p(
                        paper.text, class_name="max-w-read whitespace-pre-line text-h3 font-normal"
                    ),
                ),
            ),
        ),
    )


def _opener(sign: str, word: str, target: str) -> rx.Component:
    return button(word, kind="secondary", sign=sign, on_click=open_dialog(target))


def invitation(seat: Invitation, primary: rx.Component, *others: rx.Component) -> rx.Component:
    """An offered seat: day, hour, place and deadline, a primary button, and equal ones below."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2(seat.head),
            shown(seat.left, rx.el.p(icon("clock", "sm"), seat.left, class_name="flex gap-2")),
            class_name="call-head",
        ),
        rx.el.div(
            rx.el.div(
                day_tile(seat.day, seat.month),
                rx.el.div(
                    rx.el.p(seat.date, class_name="font-semibold"),
                    rx.el.p(seat.time, class_name="text-num-l"),
                    class_name="grid content-center gap-2",
                ),
                class_name="flex gap-4",
            ),
            shown(seat.place, line("pin", seat.place)),
            shown(seat.guest, line("people", seat.guest)),
            _deadline(seat),
            primary,
            rx.el.div(*others, class_name="pair -mt-2") if others else rx.fragment(),
            shown(seat.reassurance, rx.el.p(seat.reassurance, class_name="text-ink2")),
            class_name="call-body",
        ),
        class_name=pick(seat.confirmed, "call call-done", "call"),
    )


def _deadline(seat: Invitation) -> rx.Component:
    until = rx.fragment(seat.deadline_before, " ", rx.el.strong(seat.deadline), " ")
    sentence = rx.el.p(shown(seat.deadline, until), seat.deadline_after)
    return shown(seat.deadline_after, rx.el.div(icon("clock"), sentence, class_name="with-icon"))


def day_tile(day: str, month: str) -> rx.Component:
    """The day of her meeting, in saffron; the date in words is beside it."""
    return rx.el.div(
        rx.el.span(day),
        rx.el.span(month),
        aria_hidden="true",
        class_name="tile t-now day-tile shrink-0",
    )


def line(sign: str, text: str, strong: str = "") -> rx.Component:
    """An icon and a sentence; `strong` is the bold beginning."""
    return rx.el.div(
        icon(sign),
        rx.el.p(shown(strong, rx.el.strong(strong)), shown(strong, " "), text),
        class_name="with-icon",
    )


def estimate(
    mondays: Sequence[Tile], sentence: str, basis: str = "", more: str = "", lead: str = ""
) -> rx.Component:
    """Five Mondays in a row with the expected one glazed, then the range and its basis in words.

    `more` is folded; each of its lines is a paragraph. `lead` is above the row.
    """
    how = folded(home_text.HOW_GUESSED, rx.el.p(more, class_name="text-ink2 whitespace-pre-line"))
    return rx.el.div(
        shown(lead, rx.el.p(lead)),
        strip(mondays, sentence, spoken=False),
        rx.el.p(sentence, class_name="font-semibold"),
        shown(basis, rx.el.p(basis, class_name="text-ink2")),
        shown(more, how),
        class_name="grid gap-3",
    )


def pass_sheet(card: Pass, lines: Sequence[PassLine]) -> rx.Component:
    """The pass for the day: head, QR on pure white, tracking code, then place and what to bring."""
    return rx.el.article(
        _pass_head(card),
        rx.el.div(
            rx.el.div(
                rx.el.dl(
                    fact(card.name_label, rx.el.span(card.name)),
                    fact(card.identity_label, ltr(card.identity)),
                    class_name="grid content-start gap-3",
                ),
                rx.el.div(rx.el.img(src=card.qr, alt=card.qr_alt), class_name="qr"),
                class_name="flex flex-wrap justify-between gap-4",
            ),
            rx.el.dl(
                rx.el.dt(card.code_label, class_name="text-ink2"),
                rx.el.dd(code_groups(card.code), class_name="text-hero leading-normal"),
                class_name="mt-3",
            ),
            class_name="pass-body",
        ),
        rx.el.div(aria_hidden="true", class_name="pass-holes"),
        rx.el.div(
            each(lines, lambda item: line(item.icon, item.text, item.strong)),
            class_name="pass-body grid gap-2",
        ),
        class_name="pass",
    )


def _pass_head(card: Pass) -> rx.Component:
    return rx.el.header(
        rx.el.div(
            rx.el.h2(mark(card.district), card.title, class_name="brand"),
            rx.el.span(card.district_name, class_name="text-ink2"),
            class_name="flex items-center justify-between",
        ),
        rx.el.div(
            rx.el.p(
                rx.el.span(card.weekday, class_name="block text-ink2"),
                rx.el.span(card.date, class_name="text-h1"),
                class_name="flex flex-col justify-between",
            ),
            rx.el.p(
                rx.el.span(card.time_label, class_name="block text-ink2"),
                rx.el.span(card.time, class_name="text-num-l"),
                class_name="flex flex-col justify-between",
            ),
            class_name="flex justify-between gap-4",
        ),
        strip(card.seats, card.seats_caption, "md", spoken=False),
        rx.el.p(card.seats_caption, class_name="text-ink2"),
        class_name="pass-head on-band",
    )


def fact(label: str, value: Any) -> rx.Component:
    """A label and its value, in a list of facts."""
    return rx.el.div(
        rx.el.dt(label, class_name="text-meta text-ink2"),
        rx.el.dd(value, class_name="font-semibold"),
    )


def filing_pass(receipt: Any, *words: rx.Component) -> rx.Component:
    """The card of a filed request: its code in large digits and as a QR picture, `words` beside it.

    `one` has the code, the same in Persian digits, the district, and the line above the code.
    """
    head = rx.el.header(
        rx.el.div(
            rx.el.span(mark(receipt.district), receipt_text.CODE, class_name="brand"),
            rx.el.span(receipt.lead, class_name="text-ink2"),
            class_name="flex flex-wrap items-center justify-between gap-x-4",
        ),
        # As large as ten digits can be in one line of the narrowest telephone.
        rx.el.p(code_groups(receipt.digits), class_name="text-[2.25rem] leading-tight font-bold"),
        class_name="pass-head on-band",
    )
    picture = rx.el.img(src=f"/qr/{receipt.code}.svg", alt=receipt_text.QR_ALT)
    return rx.el.article(
        head,
        rx.el.div(
            rx.el.div(*words, class_name="grid flex-1 basis-40 gap-2"),
            rx.el.div(picture, class_name="qr"),
            class_name="pass-body flex flex-wrap items-start justify-between gap-4",
        ),
        class_name="pass",
    )


def fingerprint(
    digest: str, aria_label: str, *, cells: int = 16, large: bool = False
) -> rx.Component:
    """A hash as tiles, two bits each, eight a row: an aid for comparison by eye, not a proof.

    `digest` is hexadecimal. The first `cells` pairs of bits are drawn.
    """
    classes = "finger finger-lg" if large else "finger"
    if is_plain(digest):
        drawn = rx.fragment(*(rx.el.i(class_name=f"f{two}") for two in two_bits(digest)[:cells]))
    else:
        half = digest[: cells // 2].split("")
        drawn = rx.foreach(half, _browser_pair)
    return rx.el.div(drawn, role="img", aria_label=aria_label, class_name=classes)


def two_bits(digest: str) -> list[int]:
    """Return the hash as numbers 0 to 3, from its first hexadecimal digit on."""
    return [part for digit in digest for part in divmod(int(digit, 16), 4)]


def _browser_pair(digit: "rx.Var[Any]") -> rx.Component:
    high = in_browser("'f'+(parseInt({},16)>>2)", digit)
    low = in_browser("'f'+(parseInt({},16)&3)", digit)
    return rx.fragment(rx.el.i(class_name=high.to(str)), rx.el.i(class_name=low.to(str)))


_WORKING_DAYS = 5
_SATURDAY = 5


def promise_day(day: date, issued: date, due: date, today: date) -> PromiseDay:
    """Return the tile of one day, in the column of its weekday; Saturday's column is 1."""
    column = (day.weekday() - _SATURDAY) % 7 + 1
    return PromiseDay(_day_kind(day, issued, due, today), column, persian(parts(day)[2]))


def _day_kind(day: date, issued: date, due: date, today: date) -> str:
    if day == issued:
        return "pen"
    if day > due:
        return "late"
    if day == today:
        return "now"
    if day == due:
        return "end"
    return "glazed" if day < today else "raw"


def promise_clock(clock: PromiseClock) -> rx.Component:
    """The days of a promise, Saturday to Wednesday: past glazed, today saffron, ahead raw, the last
    framed.

    After the last day every day is hatched and the number is brick.
    """
    return rx.el.section(
        rx.el.div(
            _promise_head(clock),
            rx.el.div(
                *(_letter(letter) for letter in chrome_text.WEEK[:_WORKING_DAYS]),
                each(clock.days, _day),
                aria_hidden="true",
                class_name="promise-days",
            ),
            # It explains the squares, which are not spoken.
            rx.el.p(clock.sentence, aria_hidden="true", class_name="text-ink2"),
            class_name="grid gap-3",
        ),
        shown(
            clock.unit,
            rx.el.p(icon("unit"), rx.el.span(clock.unit), class_name="with-icon"),
        ),
        class_name="sheet",
    )


def _promise_head(clock: PromiseClock) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.p(clock.lead, class_name="text-ink2"),
            rx.el.p(clock.due, class_name="font-bold"),
            class_name="self-end",
        ),
        rx.el.p(
            rx.el.span(clock.number, class_name="block text-num-l"),
            rx.el.span(clock.number_caption, class_name="text-meta"),
            class_name=pick(clock.late, "text-end text-brick", "text-end"),
        ),
        class_name="flex justify-between gap-4",
    )


def _letter(letter: str) -> rx.Component:
    return rx.el.span(letter, class_name="text-meta text-ink2")


def _day(day: PromiseDay) -> rx.Component:
    face = pick(day.kind == "pen", icon("pen", "sm"), rx.el.span(day.text))
    return rx.el.span(face, class_name=f"tile t-{day.kind} c{day.column}")
