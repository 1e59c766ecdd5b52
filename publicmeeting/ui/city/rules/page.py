"""`/city/rules/`: the form on one side, what it would change on the other."""

import reflex as rx

from publicmeeting.domain.choices import Lane
from publicmeeting.text.lifecycle import needs_text
from publicmeeting.text.line import rules_text
from publicmeeting.text.screening import staff_text
from publicmeeting.turns.announced import MOMENTS
from publicmeeting.ui.city.rules.state import FIELDS
from publicmeeting.ui.city.rules.state import MakeRulesState as S
from publicmeeting.ui.design.choices import chips
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.desks import board_frame
from publicmeeting.ui.design.fields import FieldKind, field, select
from publicmeeting.ui.design.flow import each
from publicmeeting.ui.design.links import text_link
from publicmeeting.ui.design.models import Choice
from publicmeeting.ui.design.sheets import notice, sheet
from publicmeeting.ui.design.ticket import fingerprint
from publicmeeting.ui.shell.auth_guard import auth_guard
from publicmeeting.ui.shell.error_summary import error_summary
from publicmeeting.ui.shell.navigation import staff_rail

HERE = "/city/rules/"
_DICE = (Choice("no", rules_text.FORM_DICE_NO), Choice("yes", rules_text.FORM_DICE_YES))


def page() -> rx.Component:
    return auth_guard(
        S,
        board_frame(
            staff_rail(HERE),
            rx.el.div(
                rx.el.h1(rules_text.FORM_MAKE, class_name="text-h1"),
                rx.el.p(
                    S.draft.lead,
                    " ",
                    text_link(rules_text.FORM_SEE, "/rules/"),
                    class_name="text-ink2",
                ),
                class_name="mb-4",
            ),
            rx.el.div(_form(), _compared(), class_name="grid items-start gap-6 xl:grid-cols-2"),
            says=rx.cond(S.done, S.done, S.refused),
        ),
    )


def _form() -> rx.Component:
    return rx.el.form(
        error_summary(S.errors),
        sheet(
            select(
                rules_text.FORM_FROM,
                "from_on",
                S.draft.mondays,
                hint=rules_text.FORM_FROM_HINT,
                error=S.errors["from_on"],
            ),
            _part(
                rules_text.FORM_LANES_OF,
                rx.el.div(
                    _box(
                        needs_text.LANE[Lane.ACCESS],
                        "access",
                        hint=needs_text.LANE_HINT[Lane.ACCESS],
                    ),
                    _box(
                        needs_text.LANE[Lane.URGENT],
                        "urgent",
                        hint=needs_text.LANE_HINT[Lane.URGENT],
                    ),
                    class_name="grid gap-4 sm:grid-cols-2",
                ),
            ),
            _part(
                rules_text.FORM_HOURS,
                rx.el.div(
                    _box(rules_text.FORM_EARLY_UNTIL, "early_until"),
                    _box(rules_text.FORM_LATE_FROM, "late_from"),
                    _box(rules_text.FORM_SLOT, "slot_minutes"),
                    class_name="grid gap-4 sm:grid-cols-3",
                ),
            ),
            _part(
                rules_text.FORM_WEEK,
                rx.el.p(rules_text.FORM_WEEK_LEAD, class_name="text-ink2"),
                _moments(),
            ),
            _part(
                rules_text.FORM_OFFERS,
                rx.el.div(
                    _box(rules_text.FORM_OFFER_HOURS, "offer_hours"),
                    _box(rules_text.FORM_OFFER_FROM, "offer_from"),
                    _box(rules_text.FORM_OFFER_UNTIL, "offer_until"),
                    class_name="grid gap-4 sm:grid-cols-3",
                ),
            ),
            # A legend stands on its fieldset's upper edge, where the sheet draws its line.
            rx.el.div(chips(rules_text.DICE, "dice", _DICE, value=_filled("dice"))),
        ),
        button(rules_text.FORM_PREVIEW, kind="secondary", submit=True),
        on_submit=S.preview,
        method="post",
        class_name="grid gap-4",
    )


def _part(title: str, *content: rx.Component) -> rx.Component:
    return rx.el.div(rx.el.h2(title, class_name="text-h3"), *content, class_name="grid gap-3")


def _filled(name: str) -> str:
    value: str = S.draft.filled[FIELDS.index(name)]
    return value


def _box(label: str, name: str, *, hint: str = "", kind: FieldKind = "number") -> rx.Component:
    return field(
        label,
        name,
        kind=kind,
        value=_filled(name),
        hint=hint,
        error=S.errors[name],
        auto_complete="off",
    )


def _moments() -> rx.Component:
    """Days before and clock time of each moment, in their order."""
    return rx.el.ol(
        *(
            rx.el.li(
                _box(
                    rules_text.FORM_DAYS_BEFORE.format(label=rules_text.MOMENT[name]),
                    f"{name}_days",
                ),
                _box(rules_text.FORM_CLOCK, f"{name}_at"),
                class_name="grid grid-cols-[2fr_1fr] gap-2",
            )
            for name in MOMENTS
        ),
        class_name="grid gap-3 lg:grid-cols-2 lg:gap-x-6 xl:grid-cols-1",
    )


def _compared() -> rx.Component:
    """What the new version would change, and only then the button that announces it."""
    return rx.el.section(
        rx.el.h2(rules_text.CHANGES, id="compared", tab_index=-1, class_name="scroll-mt-4 text-h2"),
        # The answer of a button stands where its other answer would: this is a long page.
        rx.cond(S.done, notice(S.done)),
        rx.cond(S.refused, notice(S.refused, tone="brick")),
        rx.cond(
            S.seen.version,
            sheet(
                rx.el.div(
                    rx.el.h3(S.seen.since, class_name="text-h3"),
                    rx.el.ul(each(S.seen.changes, _change), class_name="mt-3 grid gap-3"),
                ),
                rx.el.div(
                    fingerprint(S.seen.hash, rules_text.HASH),
                    rx.el.p(
                        S.seen.hash,
                        dir="ltr",
                        class_name="min-w-0 flex-1 basis-48 break-all text-meta text-ink2",
                    ),
                    class_name="flex flex-wrap items-center gap-4",
                ),
                rx.el.div(
                    rx.el.p(rules_text.FORM_ANNOUNCE_WHY),
                    button(
                        rules_text.FORM_ANNOUNCE,
                        on_click=S.announce,
                        busy=S.busy,
                        busy_label=staff_text.SENDING,
                    ),
                    class_name="grid gap-3",
                ),
            ),
            rx.el.p(rules_text.FORM_COMPARE_FIRST, class_name="text-ink2"),
        ),
        class_name="grid gap-3 xl:sticky xl:top-4",
    )


def _change(one: tuple[str, str, str]) -> rx.Component:
    return rx.el.li(
        rx.el.p(one[0], class_name="font-semibold"),
        rx.el.p(rules_text.BEFORE, one[1], class_name="text-ink2"),
        rx.el.p(rules_text.AFTER, one[2]),
        class_name="border-s-4 border-glaze ps-3",
    )
