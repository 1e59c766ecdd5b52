"""The four steps of a request, each a form that also works before the scripts have started."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from publicmeeting.domain.matter import MORE_WRITTEN, WRITTEN, WrittenField
from publicmeeting.domain.people import IdentityKind
from publicmeeting.kit.digits import persian
from publicmeeting.text.districts import home_text
from publicmeeting.text.filing import filing_text
from publicmeeting.text.tracking import privacy_text
from publicmeeting.ui.citizen.enter import mobile_and_code
from publicmeeting.ui.citizen.request.state import BookingState as S
from publicmeeting.ui.citizen.request.views import SUBJECT_CHOICES, PlaceChoice
from publicmeeting.ui.citizen.shared import PLAIN, who_question
from publicmeeting.ui.design.controls import anchor, button
from publicmeeting.ui.design.fields import (
    area,
    chips,
    error_line,
    error_summary,
    field,
    saving,
    select,
)
from publicmeeting.ui.design.figures import ltr
from publicmeeting.ui.design.flow import Handler, any_of, direction_of, each, shown
from publicmeeting.ui.design.models import Choice
from publicmeeting.ui.design.paper import estimate
from publicmeeting.ui.design.sheets import notice, sheet, spoken
from publicmeeting.ui.design.tehran import tile_map

NEEDS = [Choice(value, label) for value, label in filing_text.NEED.items()]
PREFERS = [Choice(value, label) for value, label in filing_text.PREFER.items()]
KINDS = [Choice(value, label) for value, label in filing_text.KINDS]

REVIEW = len(filing_text.STEPS)

WHERE, APPLICANT = S.where, S.applicant
MORE = {one.name: getattr(S.draft, one.name) for one in MORE_WRITTEN}
HAS_LIVE_REQUEST = APPLICANT.live_one & (S.step != REVIEW)
"""Whether no step is shown, because she has an open request and cannot file another."""


def _debounced(event: Handler) -> Handler:
    """Delay the event until typing has paused for 0.25 seconds."""
    return event.debounce(250)


def _saving(name: str) -> dict[str, Handler]:
    return saving(lambda value: S.keep_field(name, value))


def title(text: str, step: int = 0) -> rx.Component:
    """The heading of a step. It gets the focus when the step appears, so it contains the step's
    number."""
    where = filing_text.STEP_OF.format(step=persian(step), steps=persian(REVIEW))
    number = (rx.el.span(where, " ", class_name="sr-only"),) if step else ()
    return rx.el.h1(*number, text, class_name="text-h1 mt-3 mb-4")


def step_form(id_: str, step: int, on_submit: Handler, *content: rx.Component) -> rx.Component:
    """The form of a step. Before the scripts have started, the browser posts it to the server.

    `at_once`: the review leads to the step whose field was refused, so the error of that press
    appears here.
    """
    return rx.el.form(
        error_summary(S.errors, S.answers, at_once=True),
        *content,
        rx.el.input(type="hidden", name="next", value=f"/request/?step={step + 1}"),
        id=id_,
        on_submit=on_submit,
        method="post",
        action="/draft",
        class_name="grid gap-6",
    )


def district_step() -> rx.Component:
    """Step 1: the map of districts, or a search by neighbourhood."""
    search = field(
        filing_text.PLACE,
        "place",
        kind="search",
        sign="search",
        hint=filing_text.PLACE_HINT,
        auto_complete="off",
        on_change=_debounced(S.find),
    )
    return rx.fragment(
        title(filing_text.DISTRICT_TITLE, 1),
        rx.el.div(
            rx.el.div(
                search,
                # The region exists before anything is found, because a screen reader does not
                # announce a region that appears together with its words.
                rx.el.div(
                    shown(WHERE.places_found, rx.el.p(WHERE.places_found, class_name="sr-only")),
                    shown(WHERE.places_note, rx.el.p(WHERE.places_note, class_name="mt-4")),
                    rx.cond(WHERE.places_note & ~any_of(WHERE.places), _unsure()),
                    role="status",
                ),
            ),
            shown(
                any_of(WHERE.places),
                rx.el.ul(each(WHERE.places, _place), class_name="rows rows-two"),
            ),
            error_line("district", S.errors["district"]),
            # Without scripts, and before they have started, a tile is a submit button of this form.
            rx.el.form(
                tile_map(WHERE.tiles, filing_text.MAP_LABEL, on_choose=S.choose, name="district"),
                rx.el.noscript(rx.el.input(type="hidden", name="next", value=f"{PLAIN}?step=2")),
                method="post",
                action="/draft",
                on_submit=None,
            ),
            spoken(shown(WHERE.quarters, rx.el.p(WHERE.quarters))),
            rx.cond(WHERE.quarters, rx.fragment(), _unsure()),
            expectation(),
            class_name="grid gap-4",
        ),
    )


def _unsure() -> rx.Component:
    """How to find out her district. A wrong district leads to the wrong mayor."""
    ask = anchor(filing_text.ASK_137, href="tel:137", class_name="link nav-link")
    return rx.el.p(filing_text.UNSURE, " ", ask, class_name="text-meta text-ink2")


def _place(choice: PlaceChoice) -> rx.Component:
    classes = rx.cond(
        choice.chosen, "tile t-now size-11 shrink-0", "tile t-candidate size-11 shrink-0"
    )
    return rx.el.li(
        rx.el.button(
            rx.el.span(choice.digits, class_name=classes),
            rx.el.span(
                rx.el.span(choice.name, class_name="block"),
                rx.el.span(choice.where, class_name="block text-meta text-ink2"),
                class_name="text-start",
            ),
            type="button",
            on_click=S.choose(choice.district),
            aria_pressed=rx.cond(choice.chosen, "true", "false"),
            class_name="row w-full",
        )
    )


def matter_step(sender: rx.Component) -> rx.Component:
    """Step 2: subject, what happened, pictures."""
    return rx.fragment(
        title(filing_text.MATTER_TITLE, 2),
        step_form(
            "matter",
            2,
            S.leave_matter,
            select(
                filing_text.SUBJECT,
                "subject",
                SUBJECT_CHOICES,
                value=S.draft.subject,
                error=S.errors["subject"],
                on_change=lambda v: S.keep_field("subject", v),
                # A select does not follow its state. The key makes React draw it again when the
                # draft has been read.
                key=S.draft.subject,
            ),
            *map(_written, WRITTEN),
        ),
        rx.el.section(
            rx.el.h2(filing_text.PHOTOS, class_name="field-label"),
            rx.el.p(filing_text.PHOTOS_HINT, class_name="text-ink2 mb-2"),
            sender,
            class_name="mt-6",
        ),
    )


def self_step() -> rx.Component:
    """Step 3: mobile and code first, then identity, name and what she needs on the day."""
    here = "/request/?step=3"
    forms = mobile_and_code(S.sent_to, S.mistyped, S.errors, S.ways, here, f"{here}&other=1")
    return rx.fragment(
        title(filing_text.SELF_TITLE, 3),
        rx.el.p(filing_text.SELF_WHY, class_name="text-ink2 mb-4"),
        rx.cond(APPLICANT.mobile, _herself(), forms),
    )


def _herself() -> rx.Component:
    kind = rx.cond(APPLICANT.kind, APPLICANT.kind, IdentityKind.NATIONAL.value)
    fresh = rx.el.div(
        chips(filing_text.KIND, "kind", KINDS, value=kind, hint=filing_text.KIND_HINT),
        field(
            filing_text.IDENTITY,
            "identity",
            kind="number",
            hint=rx.cond(APPLICANT.typed, APPLICANT.typed, filing_text.IDENTITY_NOT_STORED),
            error=S.errors["identity"],
        ),
        field(
            filing_text.NAME,
            "name",
            value=S.draft.name,
            hint=filing_text.NAME_HINT,
            error=S.errors["name"],
            # A browser knows one name. Where others were served, it is the wrong one as often.
            auto_complete=rx.cond(any_of(APPLICANT.others), "off", "name"),
            **_saving("name"),
        ),
        class_name="grid gap-6",
    )
    known = sheet(
        rx.el.div(
            rx.el.p(rx.el.strong(APPLICANT.person)),
            rx.el.p(ltr(APPLICANT.identity), class_name="text-ink2"),
            button(filing_text.ANOTHER, kind="quiet", on_click=S.for_another),
            class_name="grid gap-2",
        )
    )
    return rx.el.div(
        notice(filing_text.CONFIRMED, tone="neutral"),  # announced by the page's live region
        rx.cond(APPLICANT.is_asked & ~APPLICANT.person, who_question("/request/?step=3")),
        _served(),
        step_form(
            "herself",
            3,
            S.leave_herself,
            rx.cond(APPLICANT.person, known, fresh),
            chips(
                filing_text.NEEDS,
                "needs",
                NEEDS,
                value=S.draft.needs,
                several=True,
                on_choose=lambda chosen: S.keep_field("needs", chosen),
            ),
            chips(
                filing_text.PREFERS,
                "prefers",
                PREFERS,
                value=S.draft.prefers,
                hint=filing_text.PREFERS_HINT,
                on_choose=lambda chosen: S.keep_field("prefers", chosen),
            ),
            # In a new tab, because a typed identity is in no draft and would be lost.
            anchor(
                privacy_text.ASKED_FOR,
                href="/privacy/",
                target="_blank",
                class_name="link nav-link",
            ),
        ),
        class_name="grid gap-6",
    )


def _served() -> rx.Component:
    """«For whom?», only if this mobile serves several persons and none is chosen."""

    def one(person: Sequence[str]) -> rx.Component:
        return button(person[1], kind="secondary", on_click=S.choose_person(person[0]))

    return rx.cond(
        any_of(APPLICANT.others) & ~APPLICANT.person,
        rx.el.div(
            rx.el.p(filing_text.FOR_WHOM, class_name="field-label"),
            each(APPLICANT.others, one),
            rx.el.p(filing_text.FOR_ELSE, class_name="field-label mt-4"),
            class_name="grid gap-2",
        ),
    )


def _written(written: WrittenField) -> rx.Component:
    """A field of one line or several. A text that is too long is counted, not cut."""
    name = written.name
    about: dict[str, Any] = {
        "value": getattr(S.draft, name),
        "hint": filing_text.WRITTEN_HINT.get(name, ""),
        "error": S.errors[name],
        **_saving(name),
    }
    if written.rows == 1:
        return field(filing_text.WRITTEN[name], name, **about)
    return area(
        filing_text.WRITTEN[name],
        name,
        rows=written.rows,
        limit=written.most,
        limit_words=persian(written.most),
        cut=False,
        **about,
    )


def live_one() -> rx.Component:
    """A notice that she already has an open request, on every step; the foot leads to it."""
    message = spoken(notice(filing_text.LIVE_ONE, filing_text.LIVE_ONE_WHY, tone="saffron"))
    another = button(filing_text.ANOTHER, kind="quiet", on_click=S.for_another)
    return rx.cond(
        APPLICANT.live_one,
        rx.cond(
            HAS_LIVE_REQUEST,
            rx.el.div(title(filing_text.TITLE), message, another, class_name="grid gap-4"),
            message,
        ),
    )


def left_draft() -> rx.Component:
    """The question whether a draft left in this browser is hers. Nothing of it is shown before she
    answers."""
    answers = rx.el.div(
        button(filing_text.LEFT_MINE, kind="secondary", on_click=S.keep_left),
        button(filing_text.LEFT_NOT_MINE, kind="quiet", on_click=S.drop_left),
        class_name="grid gap-2",
    )
    asked = rx.el.div(
        title(filing_text.TITLE),
        spoken(notice(S.left, filing_text.LEFT_WHY, tone="saffron")),
        answers,
        class_name="grid gap-4",
    )
    return rx.cond(S.left, asked)


def from_link() -> rx.Component:
    """What a link has asked for but did not get: unknown values, or values that differ from her
    own."""

    def unknown(sentence: str) -> rx.Component:
        return notice(sentence, tone="saffron")

    choice = rx.el.div(
        notice(
            filing_text.LINK_QUESTION,
            tone="saffron",
            action=rx.el.div(
                rx.el.p(S.link.own), rx.el.p(S.link.linked), class_name="grid gap-1 mt-2"
            ),
        ),
        rx.el.div(
            button(S.link.take, kind="secondary", on_click=S.take_link),
            button(filing_text.LINK_KEEP, kind="quiet", on_click=S.keep_own),
            class_name="grid gap-2",
        ),
        class_name="grid gap-3",
    )
    return rx.el.div(
        shown(any_of(S.link.unknown), each(S.link.unknown, unknown)),
        shown(S.link.take, choice),
        class_name="grid gap-4 my-4 empty:sr-only",
        role="status",
    )


def expectation() -> rx.Component:
    """When it may be her turn, in the same words as on the home page."""
    wait = WHERE.wait
    return rx.cond(
        wait.sentence & ~APPLICANT.live_one,
        sheet(
            estimate(wait.mondays, wait.sentence, wait.basis, wait.more, lead=home_text.ESTIMATE)
        ),
    )


def review_step(pictures: rx.Component) -> rx.Component:
    """Step 4: everything she has entered, each part with a link to change it."""
    return rx.fragment(
        title(filing_text.REVIEW_TITLE, 4),
        shown(
            S.draft.private,
            rx.el.div(
                notice(S.draft.private, filing_text.PRIVATE_WHY, tone="saffron"), class_name="mb-4"
            ),
        ),
        sheet(
            _line(filing_text.STEPS[0], S.draft.district_name, 1),
            _line(S.draft.subject_name, S.draft.title, 2, S.draft.text),
            *(
                shown(value, _line(filing_text.WRITTEN[name], value, 2))
                for name, value in MORE.items()
            ),
            pictures,
            _line(
                filing_text.STEPS[2],
                APPLICANT.files_as,
                3,
                APPLICANT.files_by + "\n" + S.draft.needs_words,
            ),
        ),
        rx.el.div(
            rx.el.p(filing_text.AFTER, class_name="text-ink2"),
            expectation(),
            class_name="mt-4 grid gap-4",
        ),
    )


def _line(label: str, value: str, step: int, more: str = "") -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.p(label, class_name="text-meta text-ink2"),
            rx.el.p(value, dir=direction_of(value), class_name="text-h3 wrap-anywhere"),
            rx.el.p(more, dir=direction_of(more), class_name="whitespace-pre-line wrap-anywhere")
            if more is not None
            else "",
            # With large letters the link is below the text: beside it, words would be broken.
            class_name="min-w-0 flex-1 basis-40",
        ),
        anchor(
            filing_text.CHANGE,
            href=f"/request/?step={step}",
            class_name="link nav-link shrink-0",
            aria_label=filing_text.CHANGE_WHAT.format(what=filing_text.STEPS[step - 1]),
        ),
        class_name="flex flex-wrap justify-between gap-x-4 gap-y-1",
    )
