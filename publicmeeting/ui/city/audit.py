"""`/city/audit/`: who did what. The search is part of the address, so the back button restores
it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

import reflex as rx

from publicmeeting.domain.districts.texts import TextState
from publicmeeting.domain.officials.audit import AccountEventKind, AuditEntry, AuditKind, OfficeAct
from publicmeeting.kit.digits import grouped, persian
from publicmeeting.kit.jalali import day_words, moment_words
from publicmeeting.text.lifecycle.actions_text import DONE, done_by
from publicmeeting.text.lifecycle.roles_text import ROLE
from publicmeeting.text.officials import audit_text, people_text
from publicmeeting.text.orders.sheet_text import PART
from publicmeeting.ui.city.people.views import role_changes
from publicmeeting.ui.design.controls import button, text_link
from publicmeeting.ui.design.fields import error_summary, field, pressed_chips
from publicmeeting.ui.design.figures import ltr
from publicmeeting.ui.design.flow import shown
from publicmeeting.ui.design.frames import board_frame, page_title
from publicmeeting.ui.design.models import Choice
from publicmeeting.ui.design.sheets import notice, row_static, sheet
from publicmeeting.ui.design.states import empty, listed
from publicmeeting.ui.reflex.forms import Form, text_of
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import Asking, execute, query
from publicmeeting.ui.shell.navigation import auth_guard, read_rail, staff_rail
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.oversight.audit import (
    EXPORT_MOST,
    AuditPage,
    NamedEntry,
    SearchAudit,
    audit_door,
    search_audit,
)

HERE = "/city/audit/"
EXPORT = "/city/audit.csv"
FIELDS = tuple(name for name in SearchAudit.model_fields if name != "before")
_ALL = "all"
"""Value of the chip for all kinds: a chip with an empty value would not look pressed on a new
page."""
KINDS = (
    Choice(_ALL, audit_text.ALL),
    *(Choice(kind.value, audit_text.KIND[kind]) for kind in AuditKind),
)
_TYPED_MOST = 80
_STEPS = {action.value: action for action in DONE}
_PARTS = {part.value: words for part, words in PART.items()}
_ROLES = {role.value: words for role, words in ROLE.items()}
_OWN_ROLES = {role.value: role for role in ROLE}


@dataclass(frozen=True)
class AuditLine:
    """One entry in words. `who_at` and `case_at` are addresses of the list for that person and
    case."""

    what: str
    who: str
    who_at: str
    when: str
    case: str
    case_at: str
    rest: str
    latin: str


@dataclass(frozen=True)
class Found(ViewModel):
    """The result of the search in the address."""

    lines: tuple[AuditLine, ...] = ()
    kind: str = ""
    head: str = ""
    newest: str = ""
    older: str = ""


@dataclass(frozen=True)
class Typed(ViewModel):
    """First values of the fields."""

    person: str = ""
    case: str = ""
    kind: str = ""
    since: str = ""
    until: str = ""


def found(seen: AuditPage, sent: dict[str, str]) -> Found:
    case = sent.get("case", "")
    parts = [
        audit_text.FOUND_OF.format(name=seen.person) if seen.person else "",
        audit_text.FOUND_CASE.format(code=persian(case)) if case else "",
    ]
    return Found(
        lines=tuple(map(audit_line, seen.entries)),
        kind=sent.get("kind") or _ALL,
        head="، ".join(filter(None, parts)),
        newest=address(**{**sent, "before": ""}) if sent.get("before") else "",
        older=address(**{**sent, "before": seen.older}) if seen.older else "",
    )


def address(**sent: str) -> str:
    """Return the page's address with this search."""
    asked = {name: value for name, value in sent.items() if value}
    return f"{HERE}?{urlencode(asked)}" if asked else HERE


def audit_line(named_entry: NamedEntry) -> AuditLine:
    entry = named_entry.entry
    role = _ROLES.get(entry.role, audit_text.UNKNOWN_ROLE) if entry.role else ""
    who = named_entry.name or audit_text.COMMAND_LINE
    return AuditLine(
        what=_what(entry),
        who=audit_text.WHO_ROLE.format(name=who, role=role) if role else who,
        who_at=address(person=named_entry.username) if named_entry.username else "",
        when=moment_words(entry.place.at),
        case=persian(named_entry.code),
        case_at=address(case=named_entry.code) if named_entry.code else "",
        rest="\u00a0· ".join(filter(None, _rest(named_entry))),
        latin=named_entry.username or str((entry.body or {}).get("by", "")),
    )


def _what(entry: AuditEntry) -> str:
    match entry.kind:
        case AuditKind.STEP:
            step, role = _STEPS.get(entry.what), _OWN_ROLES.get(entry.role)
            return done_by(role, step) if step else audit_text.UNKNOWN
        case AuditKind.OPENING:
            return audit_text.OPENED_WITH_NAME if entry.with_name else audit_text.OPENED
        case AuditKind.DOCUMENT:
            return _PARTS.get(entry.what, audit_text.UNKNOWN)
        case AuditKind.TEXTS:
            return audit_text.TEXTS[TextState(entry.what)]
        case AuditKind.OFFICE | AuditKind.COMMAND:
            is_act = entry.kind is AuditKind.OFFICE
            return audit_text.ACT[OfficeAct(entry.what)] if is_act else audit_text.COMMAND
        case AuditKind.ACCOUNT | AuditKind.READING:
            return people_text.event_words(AccountEventKind(entry.what))


def _rest(named_entry: NamedEntry) -> list[str]:
    entry = named_entry.entry
    found = [
        audit_text.DISTRICT.format(district=persian(named_entry.district))
        if named_entry.district
        else ""
    ]
    if named_entry.number:
        words = audit_text.SHEET if entry.kind is AuditKind.DOCUMENT else audit_text.ORDER
        found.append(words.format(number=persian(named_entry.number)))
    if entry.kind is AuditKind.COMMAND:
        found.append(entry.what)
    elif entry.kind is AuditKind.OFFICE:
        found.append(_monday(entry.body or {}))
    elif entry.kind is AuditKind.READING:
        found.append(audit_text.LOOKED_FOR.format(what=_looked_for(named_entry)))
    elif named_entry.about:
        found += [
            audit_text.ABOUT.format(username=named_entry.about),
            *role_changes(entry.body or {}),
        ]
    return found


def _monday(body: Mapping[str, Any]) -> str:
    """Return the Monday of an act in words; empty for a day that cannot be read."""
    try:
        return day_words(date.fromisoformat(str(body.get("monday"))))
    except ValueError:
        return ""


def _looked_for(entry: NamedEntry) -> str:
    body = entry.entry.body or {}
    kind = str(body.get("kind", ""))
    parts = [
        entry.about,
        persian(str(body.get("case", ""))),
        audit_text.KIND[AuditKind(kind)] if kind in set(AuditKind) else "",
        *(
            f"{words} {persian(str(body[name]))}"
            for name, words in (("since", audit_text.SINCE), ("until", audit_text.UNTIL))
            if body.get(name)
        ),
    ]
    return "، ".join(filter(None, parts)) or audit_text.EVERYTHING


class AuditState(Asking, rx.State):
    """State of `/city/audit/`."""

    shown: Found = Found()
    typed: Typed = Typed()

    @rx.event
    async def load(self) -> None:
        """Run the search in the address, which is recorded."""
        self.errors, self.refused = {}, ""
        await read_rail(self)
        self.shown = Found()
        today = await query(self, audit_door, Nothing())
        if today is None:
            return
        sent = self._sent()
        self.typed = Typed(**{name: sent[name] for name in FIELDS})
        self.shown = Found(kind=sent["kind"] or _ALL)
        seen = await execute(self, search_audit, SearchAudit, sent)
        if seen is not None:
            self.shown = found(seen, sent)

    @rx.event
    async def search(self, form: Form) -> Any:
        """Search for what is typed, with the chosen kind."""
        typed = {name: text_of(form.get(name))[:_TYPED_MOST].strip() for name in FIELDS}
        return rx.redirect(address(**{**typed, "kind": self.typed.kind}))

    @rx.event
    async def choose(self, kind: str) -> Any:
        """Show only entries of one kind, or all."""
        chosen = text_of(kind)
        sent = self._sent()
        known = chosen if chosen in set(AuditKind) else ""
        return rx.redirect(address(**{**sent, "kind": known, "before": ""}))

    def _sent(self) -> dict[str, str]:
        asked = self.router.url.query_parameters
        sent = {name: str(asked.get(name, ""))[:_TYPED_MOST] for name in SearchAudit.model_fields}
        if sent["kind"] not in set(AuditKind):
            sent["kind"] = ""
        return sent


def page() -> rx.Component:
    return auth_guard(
        AuditState,
        board_frame(
            staff_rail(HERE),
            page_title(audit_text.TITLE, lead=audit_text.LEAD),
            _form(),
            rx.el.div(
                pressed_chips(audit_text.KINDS, KINDS, AuditState.shown.kind, AuditState.choose),
                class_name="mt-4",
            ),
            rx.cond(
                AuditState.refused,
                rx.el.div(notice(AuditState.refused, tone="brick"), class_name="mt-4"),
            ),
            rx.cond(
                AuditState.shown.head,
                rx.el.h2(AuditState.shown.head, class_name="mt-6 text-h2"),
            ),
            rx.el.div(
                listed(AuditState.shown.lines, _line, empty(audit_text.NONE, audit_text.NONE_WHY)),
                class_name="mt-4",
            ),
            _others(),
            _export(),
            announcement=AuditState.refused,
            answers=AuditState.answers,
        ),
    )


def _form() -> rx.Component:
    return rx.el.form(
        error_summary(AuditState.errors, AuditState.answers),
        sheet(
            rx.el.div(
                field(
                    audit_text.PERSON,
                    "person",
                    value=AuditState.typed.person,
                    hint=audit_text.PERSON_HINT,
                    error=AuditState.errors["person"],
                    auto_complete="off",
                    max_length=_TYPED_MOST,
                ),
                field(
                    audit_text.CASE,
                    "case",
                    kind="number",
                    value=AuditState.typed.case,
                    hint=audit_text.CASE_HINT,
                    error=AuditState.errors["case"],
                ),
                rx.el.div(
                    *(
                        field(
                            label,
                            name,
                            kind="number",
                            value=value,
                            hint=audit_text.DAY_HINT,
                            error=AuditState.errors[name],
                        )
                        for label, name, value in (
                            (audit_text.SINCE, "since", AuditState.typed.since),
                            (audit_text.UNTIL, "until", AuditState.typed.until),
                        )
                    ),
                    class_name="grid grid-cols-2 gap-4 sm:col-span-2",
                ),
                class_name="grid gap-4 sm:grid-cols-2 xl:grid-cols-4",
            ),
            rx.el.div(
                button(audit_text.SEARCH, submit=True),
                text_link(audit_text.CLEAR, HERE),
                class_name="flex flex-wrap items-center gap-6",
            ),
            divided=False,
        ),
        on_submit=AuditState.search,
        method="post",
        class_name="no-print",
    )


def _line(line: AuditLine) -> rx.Component:
    return row_static(
        rx.el.div(
            rx.el.p(line.what, class_name="font-semibold"),
            rx.el.p(
                rx.cond(line.who_at, text_link(line.who, line.who_at), rx.el.span(line.who)),
                shown(line.latin, ltr(line.latin)),
                class_name="flex flex-wrap items-baseline gap-x-3 text-meta",
            ),
            rx.el.p(
                rx.el.span(line.when),
                shown(line.case, text_link(line.case, line.case_at)),
                shown(line.rest, rx.el.bdi(line.rest, class_name="min-w-0 wrap-anywhere")),
                class_name="flex flex-wrap items-baseline gap-x-4 text-meta text-ink2",
            ),
            class_name="row-body row-facts",
        )
    )


def _others() -> rx.Component:
    return rx.el.nav(
        rx.cond(AuditState.shown.newest, text_link(audit_text.NEWEST, AuditState.shown.newest)),
        rx.cond(AuditState.shown.older, text_link(audit_text.OLDER, AuditState.shown.older)),
        class_name="mt-6 flex items-center gap-6",
        aria_label=audit_text.TITLE,
    )


def _export() -> rx.Component:
    """A native form, because its answer is a file."""
    return rx.el.form(
        *(
            rx.el.input(type="hidden", name=name, value=getattr(AuditState.typed, name))
            for name in FIELDS
        ),
        rx.el.p(audit_text.EXPORT_WHY.format(most=grouped(EXPORT_MOST)), class_name="text-ink2"),
        button(audit_text.EXPORT, kind="secondary", sign="download", submit=True),
        method="post",
        action=EXPORT,
        on_submit=None,
        class_name="mt-8 grid justify-items-start gap-3",
    )
