"""`/assist/follow/`: look up a request for a caller: what to tell her, and her pass at a desk."""

import reflex as rx

from publicmeeting.domain.matter import PHOTOS_MOST
from publicmeeting.domain.records import PictureKind
from publicmeeting.kit.digits import persian
from publicmeeting.text.filing import assist_text, filing_text
from publicmeeting.text.line import lanes_text
from publicmeeting.text.tracking import road_text
from publicmeeting.ui.design.controls import button, print_button, sure
from publicmeeting.ui.design.fields import (
    area,
    chips,
    field,
    pressed_chips,
    saving,
    select,
    takes_first_focus,
)
from publicmeeting.ui.design.figures import code_groups
from publicmeeting.ui.design.flow import any_of, each, shown
from publicmeeting.ui.design.frames import board_frame
from publicmeeting.ui.design.models import Choice
from publicmeeting.ui.design.road import road
from publicmeeting.ui.design.sheets import folded, notice, spoken
from publicmeeting.ui.shell.navigation import at_work, auth_guard, staff_rail
from publicmeeting.ui.shell.photos import photo_sender
from publicmeeting.ui.staff.assist.follow_state import CASE, SAY, Asked, News, Reply
from publicmeeting.ui.staff.assist.follow_state import FollowState as S
from publicmeeting.ui.staff.assist.parts import (
    FOLLOW,
    HERE,
    identity_fields,
    sentences,
    submit,
    tabs,
    with_question,
)
from publicmeeting.usecases.base import MAX_TEXT

WAYS = [Choice(value, label) for value, label in assist_text.FOLLOW_BY]
KINDS = [Choice(value, label) for value, label in filing_text.KINDS]


def page() -> rx.Component:
    return auth_guard(
        S,
        board_frame(
            staff_rail(HERE),
            rx.el.div(
                at_work(assist_text.FOLLOW_TITLE, follows=False),
                tabs(FOLLOW),
                class_name="no-print",
            ),
            rx.el.div(
                shown(S.refused, rx.fragment(notice(S.refused, tone="brick"), key=S.answers)),
                role="alert",
                # The refused button may be far below.
                class_name="sticky top-0 z-10 mt-3 empty:hidden",
            ),
            rx.cond(S.found.code, _case(), _forms()),
            announcement=S.done,
            answers=S.answers,
        ),
    )


def _forms() -> rx.Component:
    return rx.el.div(
        rx.el.p(assist_text.WRITTEN_DOWN, class_name="max-w-read text-meta text-ink2"),
        pressed_chips(assist_text.BY, WAYS, rx.cond(S.by, S.by, CASE), S.choose_by),
        rx.cond(S.by, _by_word(), _by_case()),
        _died(),
        key=S.around.call,
        class_name="mt-4 grid max-w-224 gap-6",
    )


def _died() -> rx.Component:
    """What a relative hears who calls about a citizen's death; no step changes whose a case is."""
    return folded(
        assist_text.DIED,
        sentences(assist_text.WHAT_TO_SAY, assist_text.DIED_SAY),
        rx.el.p(assist_text.DIED_SEAT, class_name="mt-3 max-w-read text-meta text-ink2"),
        class_name="no-print",
    )


def _by_case() -> rx.Component:
    return rx.el.form(
        with_question(
            assist_text.FOLLOW_ASKS["case"],
            field(assist_text.CASE, "case", kind="number", error=S.errors["case"]),
            takes_first_focus("case"),
        ),
        with_question(
            assist_text.FOLLOW_ASKS["digits"],
            field(assist_text.DIGITS, "digits", kind="number", error=S.errors["digits"]),
        ),
        submit(assist_text.SEE_STAGE),
        on_submit=S.open_case,
        class_name="grid gap-6",
    )


def _by_word() -> rx.Component:
    mobile = rx.el.form(
        with_question(
            assist_text.ASKS["mobile"],
            field(
                filing_text.MOBILE,
                "mobile",
                kind="tel",
                hint=assist_text.MOBILE_HINT,
                error=S.errors["mobile"],
                auto_complete="off",
            ),
        ),
        submit(assist_text.SEND_CODE),
        on_submit=S.send,
        class_name="grid gap-6",
    )
    word = rx.el.form(
        spoken(notice(assist_text.SENT_TO, S.sent_to)),
        with_question(
            assist_text.ASKS["identity"],
            identity_fields(
                select(filing_text.KIND, "kind", KINDS, value="national"),
                assist_text.IDENTITY,
                error=S.errors["identity"],
            ),
        ),
        with_question(
            assist_text.FOLLOW_ASKS["code"],
            field(
                assist_text.CODE,
                "code",
                kind="number",
                hint=assist_text.CODE_HINT,
                error=S.errors["code"],
            ),
        ),
        rx.el.div(
            submit(assist_text.CODE_LOOK),
            button(filing_text.OTHER_MOBILE, kind="secondary", on_click=S.other_mobile),
            class_name="flex flex-wrap gap-3",
        ),
        on_submit=S.open_by_code,
        class_name="grid gap-6",
    )
    return rx.cond(S.sent_to, word, mobile)


def _case() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            assist_text.CASE,
            " ",
            code_groups(S.found.digits, "font-semibold text-ink"),
            class_name="no-print text-meta text-ink2",
        ),
        rx.el.div(shown(S.done, notice(S.done)), class_name="no-print empty:hidden"),
        rx.el.div(
            shown(S.found.changed, notice(road_text.CHANGED, S.found.changed, tone="brick")),
            sentences(assist_text.WHAT_TO_SAY, S.found.sentences),
            id=SAY,
            tab_index=-1,
            class_name="no-print grid gap-4",
        ),
        shown(S.found.hint, rx.el.p(S.found.hint, class_name="no-print text-meta text-ink2")),
        _died(),
        shown(any_of(S.found.news), _news()),
        shown(any_of(S.found.replies), _replies()),
        shown(any_of(S.found.questions), _questions()),
        shown(any_of(S.found.lanes), _lane()),
        shown(
            S.found.lane_note, rx.el.p(S.found.lane_note, class_name="no-print text-meta text-ink2")
        ),
        shown(S.at_desk, _pass()),
        rx.el.div(
            button(assist_text.NEXT_CALL, on_click=S.next_call, id="next-call"),
            class_name="no-print justify-self-start",
        ),
        rx.el.section(
            rx.el.h3(assist_text.ROAD, class_name="mb-3 text-h3"),
            road(S.found.road, assist_text.ROAD),
            class_name="no-print",
        ),
        class_name="mt-4 grid max-w-page gap-6",
    )


def _news() -> rx.Component:
    def one(news: News) -> rx.Component:
        return rx.el.li(
            rx.el.div(
                rx.el.div(
                    rx.el.p(rx.el.strong(news.title)),
                    rx.el.p(news.read, class_name="max-w-read"),
                    class_name="min-w-0 flex-1 basis-60",
                ),
                rx.el.button(
                    assist_text.HEARD,
                    type="button",
                    aria_label=news.heard_label,
                    on_click=S.mark_heard(news.key),
                    class_name="btn btn-secondary btn-sm",
                ),
                class_name="row row-static flex-wrap !items-start",
            ),
            key=news.key,
        )

    return rx.el.section(
        rx.el.h3(assist_text.NEWS, class_name="text-h3"),
        rx.el.p(assist_text.NEWS_LEAD, class_name="mb-2 text-meta text-ink2"),
        rx.el.ul(each(S.found.news, one), class_name="rows"),
        class_name="no-print",
    )


def _replies() -> rx.Component:
    def one(reply: Reply) -> rx.Component:
        answer = S.answer_for_her(reply.action)
        return rx.cond(
            reply.question,
            sure(reply.label, reply.question, answer, sign=""),
            button(reply.label, kind="secondary", on_click=answer),
        )

    return rx.el.section(
        rx.el.h3(assist_text.ANSWERS, class_name="text-h3"),
        rx.el.p(assist_text.ANSWERS_LEAD, class_name="mb-2 text-meta text-ink2"),
        rx.el.div(each(S.found.replies, one), class_name="flex flex-wrap items-start gap-3"),
        class_name="no-print",
    )


def _questions() -> rx.Component:
    def one(question: Asked) -> rx.Component:
        return rx.el.form(
            rx.el.input(type="hidden", name="action", value=question.action),
            rx.el.input(type="hidden", name="number", value=question.number),
            rx.el.h4(question.title, class_name="font-semibold"),
            shown(
                question.asked,
                rx.el.p(
                    assist_text.ASKED,
                    " ",
                    question.asked,
                    class_name="max-w-read whitespace-pre-line",
                ),
            ),
            area(
                assist_text.HER_WORDS,
                question.field,
                value=question.draft,
                rows=3,
                limit=MAX_TEXT,
                limit_words=persian(MAX_TEXT),
                error=S.errors[question.field],
                auto_complete="off",
                **saving(lambda words: S.keep_words(words, S.found.code, question.field)),
            ),
            button(
                question.button,
                kind="secondary",
                submit=True,
                class_name="justify-self-start",
            ),
            key=question.field,
            on_submit=S.answer_in_words,
            method="post",
            class_name="row row-static !grid grid-cols-[minmax(0,1fr)] gap-2",
        )

    return rx.el.section(
        rx.el.h3(assist_text.QUESTIONS, class_name="text-h3"),
        rx.el.p(assist_text.QUESTIONS_LEAD, class_name="mb-2 max-w-read text-meta text-ink2"),
        rx.el.div(each(S.found.questions, one), class_name="rows"),
        class_name="no-print",
    )


def _lane() -> rx.Component:
    """Her request for a lane: at a desk her document is photographed, by telephone she is told
    where to bring it."""
    form = rx.el.form(
        rx.el.p(assist_text.LANE_LEAD, class_name="max-w-read text-meta text-ink2"),
        chips(lanes_text.KIND, "lane", S.found.lanes, error=S.errors["lane"]),
        photo_sender(
            PictureKind.CALLER,
            photos=S.photos,
            on_change=S.photos_changed,
            limit=PHOTOS_MOST,
            remove_label=filing_text.REMOVE_PHOTO,
        ),
        submit(lanes_text.SEND),
        on_submit=S.ask_lane,
        method="post",
        class_name="grid justify-items-start gap-3",
    )
    return rx.el.section(
        rx.el.h3(lanes_text.TITLE, class_name="mb-2 text-h3"),
        rx.cond(S.at_desk, form, rx.el.p(assist_text.LANE_AT_DESK, class_name="max-w-read")),
        class_name="no-print",
    )


def _pass() -> rx.Component:
    """Her pass, at a desk only, where the officer can hold her card."""
    form = rx.el.form(
        rx.el.p(assist_text.SLIP_LEAD, class_name="text-meta text-ink2"),
        field(
            assist_text.SLIP_CARD,
            "card",
            error=S.errors["card"],
            auto_complete="off",
            dir="ltr",
        ),
        submit(assist_text.SLIP_SHOW),
        on_submit=S.show_pass,
        class_name="no-print grid justify-items-start gap-3",
    )
    printed = rx.el.div(
        rx.el.img(
            src=S.shown_pass.src, alt=S.shown_pass.alt, class_name="w-full max-w-96 rounded-[3px]"
        ),
        rx.el.div(print_button(assist_text.SLIP_PRINT, kind="primary"), class_name="no-print"),
        class_name="grid gap-3",
    )
    return rx.el.section(
        rx.el.h3(assist_text.SLIP, class_name="no-print mb-2 text-h3"),
        rx.cond(S.shown_pass.src, printed, form),
    )
