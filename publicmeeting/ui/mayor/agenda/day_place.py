"""The part of the agenda that sets where a Monday is held and who sits beside the mayor."""

from dataclasses import dataclass, replace

import reflex as rx

from publicmeeting.kit.jalali import weekday_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.meetings import day_place_text
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.fields import error_summary, field
from publicmeeting.ui.design.flow import shown
from publicmeeting.ui.design.sheets import answer_notices, spoken
from publicmeeting.ui.reflex.forms import Form, text_of
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import Asking, execute, try_query
from publicmeeting.usecases.meetings.agenda import ADay
from publicmeeting.usecases.meetings.day_place import (
    DayPlace,
    SetDayPlace,
    day_place,
    set_day_place,
)

_DISTRICT, _MONDAY = "district", "monday"
"""Hidden fields with the district and Monday for which a form was read."""


@dataclass(frozen=True)
class PlaceForm(ViewModel):
    """The form; empty if this account may not change the day."""

    title: str = ""
    place: str = ""
    guest: str = ""
    place_hint: str = ""
    lead: str = ""
    district: str = ""
    """District of the Monday. It is sent with the form, because another tab may have changed
    district."""
    on: str = ""


class DayPlaceState(Asking, rx.State):
    """The part of `/mayor/` that sets place and guest; hidden for a deputy who does not hold the
    day."""

    asked: PlaceForm = PlaceForm()

    @rx.event
    async def load(self) -> None:
        """Read the coming Monday."""
        self.errors, self.refused, self.done = {}, "", ""
        await self._read()

    @rx.event
    async def save(self, form: Form) -> None:
        """Set place and guest. Citizens with a seat are notified of another place."""
        self.done = ""
        typed = {name: text_of(form.get(name)) for name in ("place", "guest")}
        asked = self.asked
        if not is_of(form, asked.district, asked.on):
            self.refused = day_place_text.OTHER_TABLE
            return
        district = int(asked.district or 0)
        made = await execute(
            self, set_day_place, SetDayPlace, typed, district=district, monday=asked.on
        )
        if made is None:
            self.asked = replace(self.asked, place=typed["place"], guest=typed["guest"])
            return
        await self._read()
        self.done = (
            day_place_text.DONE_MOVED.format(
                count=dates_text.people(made.notified), when=day_place_text.when(made.notified_at)
            )
            if made.notified
            else day_place_text.DONE
        )

    async def _read(self) -> None:
        found = await try_query(self, day_place, ADay())
        self.asked = form_view(found) if found and found.may_change else PlaceForm()


def form_view(seen: DayPlace) -> PlaceForm:
    return PlaceForm(
        title=day_place_text.TITLE.format(day=weekday_day(seen.monday.on)),
        place=seen.monday.place,
        guest=seen.monday.guest,
        place_hint=day_place_text.PLACE_HINT.format(usual=seen.usual),
        lead=day_place_text.NOTIFIES.format(
            count=dates_text.people(seen.holders), when=day_place_text.when(seen.notified_at)
        )
        if seen.holders
        else day_place_text.NOTIFIES_NOBODY,
        district=str(seen.monday.district),
        on=seen.monday.on.isoformat(),
    )


def of_table(district: str, on: str) -> rx.Component:
    """Hidden fields with the district and the Monday for which a form was read."""
    return rx.fragment(
        rx.el.input(type="hidden", name=_DISTRICT, value=district, read_only=True),
        rx.el.input(type="hidden", name=_MONDAY, value=on, read_only=True),
    )


def is_of(form: Form, district: str, on: str) -> bool:
    """Return whether the form was filled in for this district and Monday.

    False if the page was read again for another one before the form was sent.
    """
    sent = (text_of(form.get(_DISTRICT)) or district, text_of(form.get(_MONDAY)) or on)
    return sent == (district, on)


def place_and_guest() -> rx.Component:
    S, asked = DayPlaceState, DayPlaceState.asked
    return shown(
        asked.title,
        rx.el.form(
            rx.el.h2(asked.title, class_name="text-h3"),
            of_table(asked.district, asked.on),
            error_summary(S.errors, S.answers),
            field(
                day_place_text.PLACE,
                "place",
                value=asked.place,
                hint=asked.place_hint,
                error=S.errors["place"],
                key=asked.district + asked.place,
            ),
            field(
                day_place_text.GUEST,
                "guest",
                value=asked.guest,
                hint=day_place_text.GUEST_HINT,
                error=S.errors["guest"],
                key=asked.district + asked.guest,
            ),
            rx.el.p(asked.lead, class_name="text-ink2"),
            spoken(answer_notices(S.done, S.refused)),
            button(day_place_text.SEND, kind="secondary", size="sm", submit=True),
            on_submit=S.save,
            method="post",
            class_name="no-print grid justify-items-stretch gap-3",
        ),
    )
