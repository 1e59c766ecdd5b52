"""`/request/`: the four steps on one page; the first is also a form that needs no scripts."""

from typing import Any

import reflex as rx

from publicmeeting.domain.districts.city import DISTRICTS
from publicmeeting.kit.digits import persian
from publicmeeting.text.common import chrome_text, titles_text
from publicmeeting.text.filing import filing_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.citizen.request import parts
from publicmeeting.ui.citizen.request.state import BookingState as S
from publicmeeting.ui.citizen.shared import PLAIN
from publicmeeting.ui.design.controls import anchor, button, text_link
from publicmeeting.ui.design.fields import select
from publicmeeting.ui.design.flow import any_of, persian_in_browser
from publicmeeting.ui.design.frames import brand, page_foot, phone_page, site_bar
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.models import Choice
from publicmeeting.ui.design.sheets import notice, stepper
from publicmeeting.ui.design.states import loading
from publicmeeting.ui.reflex.scripts import link_script
from publicmeeting.ui.shell.photos import photo_sender


def page() -> rx.Component:
    """One step at a time, with the primary action at the foot."""
    saved = rx.el.p(
        icon("check"), filing_text.SAVED, class_name="flex items-center gap-1 text-ink2"
    )
    return phone_page(
        rx.cond(
            parts.HAS_LIVE_REQUEST | S.left,
            rx.fragment(),
            stepper(filing_text.STEPS, S.step, filing_text.STEPS_LABEL),
        ),
        rx.cond(S.ready, StepFocus.create(step=S.step, title=_title())),
        rx.cond(S.ready, parts.live_one()),
        _refusals(),
        rx.cond(S.ready, parts.from_link()),
        rx.cond(
            S.ready,
            rx.cond(
                parts.HAS_LIVE_REQUEST | S.left,
                parts.left_draft(),
                rx.match(
                    S.step,
                    (1, parts.district_step()),
                    (2, parts.matter_step(_photos())),
                    (3, parts.self_step()),
                    parts.review_step(_photos(looks_over=filing_text.NO_PHOTOS)),
                ),
            ),
            early_step(),
        ),
        bar=site_bar(brand(S.draft.district), rx.cond(S.saved, saved)),
        foot=foot(),
        announcement=rx.cond(
            S.saved, filing_text.SAVED, rx.cond(S.refused, S.refused, _confirmed())
        ),
    )


def _confirmed() -> Any:
    """Return that her mobile was just confirmed: the page opened anew for it, under the same
    title."""
    is_wrong = S.errors["identity"] | S.errors["name"]
    return rx.cond(S.confirmed & ~S.left & ~is_wrong, filing_text.CONFIRMED, "")


def _title() -> Any:
    """Return the document's title, such as «گام ۲ از ۴: موضوع · درخواست ملاقات».

    If the page shows no step, the title names none either.
    """
    steps = persian(len(filing_text.STEPS))
    titles = [
        filing_text.STEP_TITLE.format(step=persian(at), steps=steps, name=name)
        for at, name in enumerate(filing_text.STEPS, 1)
    ]
    of_step = rx.match(S.step, *((at, title) for at, title in enumerate(titles, 1)), titles[0])
    return rx.cond(parts.HAS_LIVE_REQUEST | S.left, titles_text.REQUEST, of_step)


_REFUSED = S.refused & ~S.signed_out & (~S.refused_code | (S.refused_code != S.applicant.live_one))


def _refusal_at_button() -> rx.Component:
    """The refusal above the button: a user who presses at the foot does not see the page's head."""
    sentence = "font-semibold text-brick"
    return rx.el.div(
        rx.cond(
            S.signed_out,
            rx.el.p(refusal("session_ended"), " ", _sign_in_again(), class_name=sentence),
            rx.cond(_REFUSED, rx.el.p(S.refused, class_name=sentence)),
        ),
        class_name="pb-2 empty:hidden",
    )


def _photos(looks_over: str = "") -> rx.Component:
    return photo_sender(
        owner=rx.cond(S.applicant.mobile, S.applicant.mobile, S.applicant.person),
        photos=S.photos,
        on_change=S.photos_changed,
        limit=3,
        remove_label=filing_text.REMOVE_PHOTO,
        looks_over=looks_over,
    )


def _sign_in_again() -> rx.Component:
    return anchor(filing_text.SIGN_IN_AGAIN, href="/request/?step=3", class_name="link")


def _refusals() -> rx.Component:
    first = anchor(chrome_text.ENTER, href="/enter/?next=/request/", class_name="link")
    see = anchor(filing_text.SEE_IT, href=f"/mine/{S.refused_code}/", class_name="link")
    return rx.el.div(
        rx.cond(
            S.signed_out,
            notice(refusal("session_ended"), tone="brick", action=_sign_in_again()),
            rx.cond(
                # An open request that the page already knows has its own notice.
                S.refused & (~S.refused_code | (S.refused_code != S.applicant.live_one)),
                notice(
                    S.refused,
                    tone="brick",
                    action=rx.cond(S.refused_code, see, rx.cond(S.must_sign_in, first)),
                ),
            ),
        ),
        class_name="mt-2 empty:hidden",
    )


_HERSELF = 3
_HAS_BUTTON = ~S.left & (S.applicant.live_one | S.applicant.mobile | (S.step != _HERSELF))
"""Whether the foot has a button. On the third step she continues by confirming her mobile, in the
step itself."""


def foot() -> rx.Component:
    """The primary action, if any, and the refusal."""
    buttons = page_foot(_refusal_at_button(), _buttons())
    return rx.cond(S.ready & (_HAS_BUTTON | _REFUSED | S.signed_out), buttons)


def _buttons() -> rx.Component:
    on: dict[str, Any] = {"submit": True, "sign_end": "forward"}
    see = button(filing_text.SEE_IT, href=f"/mine/{S.applicant.live_one}/", sign_end="forward")
    steps = rx.match(
        S.step,
        (
            1,
            button(
                S.where.go_district,
                on_click=S.leave_district({}),
                sign_end="forward",
                why_not=rx.cond(
                    S.where.go_district,
                    "",
                    rx.cond(
                        any_of(S.where.places), filing_text.PLACE_FIRST, filing_text.DISTRICT_FIRST
                    ),
                ),
            ),
        ),
        (2, button(filing_text.KEEP_ON, form="matter", **on)),
        (
            3,
            rx.cond(
                S.applicant.mobile, button(filing_text.KEEP_ON, form="herself", **on), rx.fragment()
            ),
        ),
        button(filing_text.FILE, on_click=S.file),
    )
    return rx.cond(S.left, rx.fragment(), rx.cond(S.applicant.live_one, see, steps))


class StepFocus(rx.Component):
    """Component of step_focus.js, which moves title and focus to the step."""

    library = link_script(__name__, "step_focus.js")
    tag = "StepFocus"

    step: rx.Var[int]
    title: rx.Var[str]


# The page was built without a query. A reader who returns to a later step sees a loading sign
# instead of the first step.
_LATER = (
    "if(/step=[2-4]|district=/.test(location.search)){let s=document.currentScript.previousSibling;"
    "s.hidden=true;s.previousSibling.hidden=false}"
)
# Computed in the browser, because every visitor would otherwise download the 22 options.
_CHOICES: Any = rx.Var(
    f"[{{value: '', label: '{chrome_text.PLAIN_DISTRICT_EMPTY}'}}, "
    f"...Array.from({{length: {len(DISTRICTS)}}},"
    f" (_, at) => ({{value: `${{at + 1}}`, label: {persian_in_browser('at + 1')}}}))]"
).to(list[Choice])


def early_step() -> rx.Component:
    """The first step as a native form, before the scripts have started.

    With scripts it leads to the next step of this page, without them to the next step of the plain
    page. The form appears only when the scripts take longer than usual to start.
    """
    form = rx.el.form(
        select(chrome_text.PLAIN_DISTRICT, "district", _CHOICES, required=True),
        button(filing_text.KEEP_ON, submit=True, sign_end="forward"),
        rx.el.noscript(rx.el.input(type="hidden", name="next", value=f"{PLAIN}?step=2")),
        method="post",
        action="/draft",
        on_submit=None,
        class_name="grid gap-6 animate-[appear_180ms_600ms_both]",
    )
    return rx.el.div(
        rx.el.div(loading(), hidden=True),
        rx.el.div(
            parts.title(filing_text.DISTRICT_TITLE, 1),
            form,
        ),
        rx.el.script(_LATER),
        rx.el.div(
            text_link(chrome_text.PLAIN_INSTEAD, PLAIN, native=True),
            class_name="mt-6 animate-[appear_180ms_3s_both]",
        ),
    )
