"""The administrator's form for a new version of the rules."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import day_words
from publicmeeting.text.line import rules_text
from publicmeeting.ui.design.models import Choice
from publicmeeting.ui.reflex.forms import Form
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import Asking, execute, query
from publicmeeting.ui.shell.live import always, background, follow
from publicmeeting.ui.shell.navigation import read_rail
from publicmeeting.usecases.accounts.sign_in import Nothing
from publicmeeting.usecases.line.rules import RulesForm, announce_rules, preview_rules, rules_draft

FIELDS = tuple(RulesForm.model_fields)


@dataclass(frozen=True)
class Preview(ViewModel):
    """A version that has been compared and can be announced: its number, hash and first Monday."""

    version: str = ""
    since: str = ""
    hash: str = ""
    changes: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Draft(ViewModel):
    """What the fields begin with, in the order of `FIELDS`; the Mondays that can be the first."""

    filled: tuple[str, ...] = ()
    mondays: tuple[Choice, ...] = ()
    lead: str = ""


class MakeRulesState(Asking, rx.State):
    """`/city/rules/`: nothing is announced that has not been compared first."""

    draft: Draft = Draft()
    seen: Preview = Preview()
    busy: bool = False
    _compared: dict[str, str] = {}

    @rx.event
    async def load(self) -> None:
        """Begin with the newest version."""
        self.errors, self.refused, self.done, self.busy = {}, "", "", False
        self._forget_preview()
        await read_rail(self)
        await self._read()

    @background
    async def watch(self) -> None:
        """Another administrator may announce meanwhile."""
        await follow(self, always("rules"), self._read)

    @rx.event
    async def preview(self, form: Form) -> Any:  # noqa: ANN401 (an event to follow)
        """Compare what is typed with the version before."""
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
        )
        return rx.set_focus("compared")

    @rx.event
    async def announce(self) -> Any:  # noqa: ANN401 (an event to follow)
        """Announce exactly what was compared; the answer stands in the place of the comparison."""
        if not self._compared or self.busy:
            return None
        self.busy = True
        made = await execute(self, announce_rules, RulesForm, self._compared)
        self.busy = False
        if made is not None:
            version = persian(made.rules.version)
            self.done = rules_text.FORM_DONE.format(version=version, day=day_words(made.from_on))
            self._forget_preview()
        await self._read()
        return rx.set_focus("compared")

    def _forget_preview(self) -> None:
        self._compared, self.seen = {}, Preview()

    async def _read(self) -> None:
        draft = await query(self, rules_draft, Nothing())
        if draft is None:
            return
        version = persian(draft.newest.rules.version)
        self.draft = Draft(
            filled=tuple(persian(draft.form.get(name, "")) for name in FIELDS),
            mondays=tuple(Choice(day.isoformat(), day_words(day)) for day in draft.mondays),
            lead=rules_text.FORM_MAKE_LEAD.format(version=version),
        )
