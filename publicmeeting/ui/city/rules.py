"""`/city/rules/`: type a new version of the rules, compare it with the last, then announce or
propose it."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import reflex as rx

from publicmeeting.domain.choices import Lane
from publicmeeting.domain.officials.typed_forms import TypedForm
from publicmeeting.domain.roles import Role
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import day_words
from publicmeeting.text.common import chrome_text
from publicmeeting.text.common.dates_text import until_words
from publicmeeting.text.lifecycle import needs_text
from publicmeeting.text.line import rules_text
from publicmeeting.turns.rules.announced import DAILY, MOMENTS
from publicmeeting.turns.rules.late_value import Source
from publicmeeting.ui.city.rules_by_two import RulesByTwoState, change, panel, ways_list
from publicmeeting.ui.design.controls import button, text_link
from publicmeeting.ui.design.fields import area, chips, error_summary, field, select
from publicmeeting.ui.design.flow import each, shown
from publicmeeting.ui.design.frames import board_frame
from publicmeeting.ui.design.models import Choice
from publicmeeting.ui.design.paper import fingerprint
from publicmeeting.ui.design.sheets import answer_notices, sheet
from publicmeeting.ui.design.states import empty
from publicmeeting.ui.reflex.forms import Form
from publicmeeting.ui.reflex.view_model import VarField, ViewModel
from publicmeeting.ui.shell.act import execute, query
from publicmeeting.ui.shell.live import always, background, follow
from publicmeeting.ui.shell.navigation import auth_guard, live_title, read_rail, staff_rail
from publicmeeting.ui.shell.typed import TypedFormState, choosing, found, storing
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.line.rules import (
    RULES_TOPIC,
    RulesForm,
    RulesPreview,
    announce_rules,
    preview_rules,
    rules_draft,
)

FIELDS = tuple(RulesForm.model_fields)
WITNESSES = "witnesses"


@dataclass(frozen=True)
class Preview(ViewModel):
    """A compared version that can be announced: its number, hash and first Monday."""

    version: str = ""
    since: str = ""
    hash: str = ""
    changes: tuple[tuple[str, str, str], ...] = ()
    ways: tuple[str, ...] = ()
    """What it weakens in the draw; such a version is only proposed."""
    two: str = ""


@dataclass(frozen=True)
class Draft(ViewModel):
    """The Mondays that can be the first, and the sentence over the form."""

    mondays: tuple[Choice, ...] = ()
    lead: str = ""
    is_maker: bool = False
    """Whether this official types rules; the overseer only agrees to them."""


class MakeRulesState(TypedFormState, rx.State):
    """State of `/city/rules/`: only a version that was compared can be announced."""

    FORM: ClassVar[TypedForm] = TypedForm.RULES
    NOT_SENT: ClassVar[str] = chrome_text.NOT_SENT_HERE
    draft: Draft = Draft()
    seen: Preview = Preview()
    is_maker = VarField[bool]("draft")
    _compared: dict[str, str] = {}

    @rx.event
    async def load(self) -> None:
        """Read the newest version into the fields."""
        is_opened = await self._opens(self._forget_preview)
        self.draft = Draft()
        rail = await read_rail(self)
        if rail and Role.OVERSEER in rail.roles and Role.ADMINISTRATOR not in rail.roles:
            return
        await self._read()
        if is_opened:
            await self._read_typed()

    @background
    async def watch(self) -> None:
        """Read again when another administrator has announced rules."""
        await follow(self, always(RULES_TOPIC), self._read_again)

    @rx.event
    async def preview(self, form: Form) -> Any:
        """Compare what is typed with the previous version."""
        typed = {name: str(form.get(name) or "") for name in FIELDS}
        self._forget_preview()
        made = await execute(self, preview_rules, RulesForm, typed)
        if made is None:
            return None if self.errors else rx.set_focus("compared")
        self._compared = typed
        version = persian(made.rules.version)
        self.seen = Preview(
            version=version,
            since=rules_text.SINCE.format(version=version, day=day_words(made.from_on)),
            hash=made.rules.hash,
            changes=tuple(rules_text.differences(made.before.rules.body, made.rules.body)),
            ways=tuple(rules_text.WEAKER[way] for way in made.weaker),
            two=_until(rules_text.SECOND_HOW, made),
        )
        return rx.set_focus("compared")

    @rx.event
    async def announce(self, seen: str = "") -> Any:
        """Announce exactly what was compared; the answer takes the place of the comparison.

        `seen` is the hash above the pressed button: on a slow line, other rules may have been
        compared since.
        """
        is_compared = bool(self._compared) and seen == self.seen.hash
        if not is_compared and not self.done:
            await self._report_not_sent()
        if not is_compared:
            return None
        made = await execute(self, announce_rules, RulesForm, self._compared)
        if made is not None:
            version = persian(made.rules.version)
            self.done = rules_text.FORM_DONE.format(version=version, day=day_words(made.from_on))
            if made.weaker:
                self.done = _until(rules_text.PROPOSED, made, version=version)
            self._forget_preview()
            await self._forget_typed()
        await self._read()
        return rx.set_focus("compared")

    async def _read_again(self) -> None:
        if self.is_maker:
            await self._read()

    def _forget_preview(self) -> None:
        self._compared, self.seen = {}, Preview()

    async def _read(self) -> None:
        draft = await query(self, rules_draft, Nothing())
        if draft is None:
            return
        version = persian(draft.newest.rules.version)
        self._begin_with({name: _shown(name, draft.form.get(name, "")) for name in FIELDS})
        self.draft = replace(
            self.draft,
            mondays=tuple(Choice(day.isoformat(), day_words(day)) for day in draft.mondays),
            lead=rules_text.FORM_MAKE_LEAD.format(version=version),
            is_maker=True,
        )


def _until(sentence: str, made: RulesPreview, **facts: str) -> str:
    """Return a sentence with the end of a proposal; "" if no second person is needed."""
    until = until_words(made.agreed_by) if made.agreed_by else ""
    return sentence.format(until=until, **facts) if until else ""


def _shown(name: str, text: str) -> str:
    """Return the text with Persian digits, except a witness's key."""
    return text if name == WITNESSES else persian(text)


HERE = "/city/rules/"
_KINDS = tuple(Choice(kind.value, rules_text.LATE_KIND[kind]) for kind in Source)


def page() -> rx.Component:
    return auth_guard(
        RulesByTwoState,
        board_frame(
            staff_rail(HERE),
            live_title(
                rx.cond(MakeRulesState.is_maker, rules_text.FORM_MAKE, rules_text.TITLE),
                rx.el.p(
                    shown(MakeRulesState.is_maker, rx.fragment(MakeRulesState.draft.lead, " ")),
                    text_link(rules_text.FORM_SEE, "/rules/"),
                    class_name="text-ink2",
                ),
            ),
            panel(
                shown(
                    ~MakeRulesState.is_maker,
                    empty(rules_text.NO_PROPOSAL, rules_text.NO_PROPOSAL_WHY),
                )
            ),
            rx.cond(
                MakeRulesState.is_maker,
                rx.el.div(_form(), _compared(), class_name="grid items-start gap-6 xl:grid-cols-2"),
            ),
            announcement=rx.cond(
                RulesByTwoState.done,
                RulesByTwoState.done,
                rx.cond(
                    RulesByTwoState.refused,
                    RulesByTwoState.refused,
                    rx.cond(MakeRulesState.done, MakeRulesState.done, MakeRulesState.refused),
                ),
            ),
            answers=RulesByTwoState.answers + MakeRulesState.answers,
        ),
    )


def _form() -> rx.Component:
    return rx.el.form(
        error_summary(MakeRulesState.errors, MakeRulesState.answers),
        found(MakeRulesState),
        sheet(
            select(
                rules_text.FORM_FROM,
                "from_on",
                MakeRulesState.draft.mondays,
                value=MakeRulesState.filled["from_on"],
                on_change=choosing(MakeRulesState, "from_on"),
                hint=rules_text.FORM_FROM_HINT,
                error=MakeRulesState.errors["from_on"],
            ),
            *_lanes_and_times(),
            # A legend is drawn on the upper edge of its fieldset, where the sheet draws its line.
            rx.el.div(
                chips(
                    rules_text.LATE_VALUE,
                    "late_kind",
                    _KINDS,
                    value=MakeRulesState.filled["late_kind"],
                    on_choose=choosing(MakeRulesState, "late_kind"),
                ),
                rx.el.p(rules_text.FORM_LATE_LEAD, class_name="mt-2 text-ink2"),
            ),
            rx.el.div(
                _box(rules_text.FORM_SESSION, "session_at", hint=rules_text.FORM_SESSION_HINT),
                _box(rules_text.MOMENT["value_from"], "value_from_at"),
                _box(rules_text.MOMENT["value_until"], "value_until_at"),
                class_name="grid gap-4 sm:grid-cols-3",
            ),
            _part(
                rules_text.WITNESSES,
                area(
                    rules_text.FORM_WITNESSES,
                    WITNESSES,
                    value=MakeRulesState.filled[WITNESSES],
                    hint=rules_text.FORM_WITNESSES_HINT,
                    error=MakeRulesState.errors[WITNESSES],
                    rows=4,
                    dir="ltr",
                    spell_check=False,
                    **storing(MakeRulesState, WITNESSES),
                ),
            ),
        ),
        button(rules_text.FORM_PREVIEW, kind="secondary", submit=True),
        key=MakeRulesState.form_turn,
        on_submit=MakeRulesState.preview,
        method="post",
        class_name="grid gap-4",
    )


def _lanes_and_times() -> tuple[rx.Component, ...]:
    return (
        _part(
            rules_text.FORM_LANES_OF,
            rx.el.div(
                *(
                    _box(needs_text.LANE[lane], lane.value, hint=needs_text.LANE_HINT[lane])
                    for lane in (Lane.ACCESS, Lane.URGENT)
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
    )


def _part(title: str, *content: rx.Component) -> rx.Component:
    return rx.el.div(rx.el.h2(title, class_name="text-h3"), *content, class_name="grid gap-3")


def _box(label: str, name: str, *, hint: str = "") -> rx.Component:
    return field(
        label,
        name,
        kind="number",
        value=MakeRulesState.filled[name],
        hint=hint,
        error=MakeRulesState.errors[name],
        **storing(MakeRulesState, name),
    )


def _moments() -> rx.Component:
    """The moments in their order, each with days before and clock time."""
    return rx.el.ol(
        *(
            rx.el.li(
                _box(
                    rules_text.FORM_DAYS_BEFORE.format(label=rules_text.MOMENT[name]),
                    f"{name}_days",
                ),
                _box(rules_text.FORM_CLOCK, f"{name}_at"),
                class_name="grid grid-cols-[2fr_1fr] items-end gap-2",
            )
            for name in MOMENTS
            if name not in DAILY
        ),
        class_name="grid gap-3 lg:grid-cols-2 lg:gap-x-6 xl:grid-cols-1",
    )


def _compared() -> rx.Component:
    """What the new version would change, and only then the button that announces it."""
    return rx.el.section(
        rx.el.h2(rules_text.CHANGES, id="compared", tab_index=-1, class_name="scroll-mt-4 text-h2"),
        # The answer appears here, where the comparison was, because the page is long.
        answer_notices(MakeRulesState.done, MakeRulesState.refused),
        rx.cond(
            MakeRulesState.seen.version,
            sheet(
                rx.el.div(
                    rx.el.h3(MakeRulesState.seen.since, class_name="text-h3"),
                    rx.el.ul(
                        each(MakeRulesState.seen.changes, change),
                        class_name="mt-3 grid min-w-0 gap-3",
                    ),
                ),
                rx.el.div(
                    fingerprint(MakeRulesState.seen.hash, rules_text.HASH),
                    rx.el.p(
                        MakeRulesState.seen.hash,
                        dir="ltr",
                        class_name="min-w-0 flex-1 basis-48 break-all text-meta text-ink2",
                    ),
                    class_name="flex flex-wrap items-center gap-4",
                ),
                shown(MakeRulesState.seen.two, ways_list(MakeRulesState.seen.ways)),
                rx.el.div(
                    rx.el.p(
                        rx.cond(
                            MakeRulesState.seen.two,
                            MakeRulesState.seen.two,
                            rules_text.FORM_ANNOUNCE_WHY,
                        )
                    ),
                    button(
                        rx.cond(
                            MakeRulesState.seen.two,
                            rules_text.PROPOSE,
                            rules_text.FORM_ANNOUNCE,
                        ),
                        on_click=MakeRulesState.announce(MakeRulesState.seen.hash),
                    ),
                    class_name="grid gap-3",
                ),
            ),
            rx.el.p(rules_text.FORM_COMPARE_FIRST, class_name="text-ink2"),
        ),
        class_name="grid min-w-0 gap-3 xl:sticky xl:top-4",
    )
