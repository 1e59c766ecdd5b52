"""What several pages of a citizen share: the code in the address, field names, photos, maps."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import reflex as rx

from publicmeeting.text.common import chrome_text
from publicmeeting.text.filing import whose_text
from publicmeeting.text.tracking import my_page_text
from publicmeeting.text.tracking.tracking_text import lost_words
from publicmeeting.ui.design.controls import (
    anchor,
    button,
    door_from_here,
    text_link,
    track_from_here,
)
from publicmeeting.ui.design.flow import in_browser, shown
from publicmeeting.ui.design.sheets import notice
from publicmeeting.ui.design.states import dead_end, loading
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import Asking, query
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.filing.lost import lost_filings

PLAIN = "/plain/request/"
"""The same four steps as pages without scripts."""


def without_internet() -> rx.Component:
    """Whom people without internet can turn to: the city's telephone, or any desk."""
    return _by_telephone_or_desk(chrome_text.NO_INTERNET)


def without_mobile() -> rx.Component:
    """Whom people can turn to who cannot receive a code: the same."""
    return _by_telephone_or_desk(chrome_text.NO_MOBILE)


def _by_telephone_or_desk(who: str) -> rx.Component:
    call = anchor(chrome_text.CALL_137, href="tel:137", native=True, class_name="link")
    return rx.el.p(rx.el.strong(who), " ", call, " ", chrome_text.OR_THE_DESK)


def number_changed() -> rx.Component:
    """Where people turn to whose mobile is another one now: signing in would show no request."""
    who = rx.el.strong(chrome_text.NUMBER_CHANGED)
    return rx.el.p(who, " ", chrome_text.TO_ANY_DESK, class_name="text-ink2")


def sign_out_here() -> rx.Component:
    """Signing out of this browser, for whoever has borrowed it: the session would last for days."""
    out = button(my_page_text.SIGN_OUT, kind="secondary", sign="exit", submit=True)
    return rx.el.div(
        rx.el.p(my_page_text.NOT_YOUR_PHONE, class_name="text-ink2"),
        leaving_form("/auth/leave", out),
        class_name="grid gap-2",
    )


def leaving_form(action: str, submit: rx.Component) -> rx.Component:
    """A native form that signs out: only a response of the server can delete the cookie."""
    return rx.el.form(
        submit,
        rx.el.input(type="hidden", name="next", value="/"),
        method="post",
        action=action,
        on_submit=None,
        class_name="grid",
    )


def code_of(state: rx.State) -> str:
    """Return the tracking code in this page's address; Reflex adds `[code]` to every state."""
    return str(getattr(state, "code", ""))


def field_name(name: str) -> Any:
    """Return a field's name for a form that is drawn at several places of one page.

    Reflex keeps one reference for a whole page for an id that is plain text. A copy of the form
    that is not drawn would overwrite it, and the field would arrive empty. For a var it makes no
    reference.
    """
    return rx.Var(f'"{name}"').to(str)


def sign_in_button() -> rx.Component:
    """A button to sign in that leads back to this page."""
    return button(chrome_text.ENTER, href=door_from_here("/enter/"), native=True)


def of_her_own(
    content: rx.Component, code: str, *, signed_out: bool, unchosen: bool, missing: bool
) -> rx.Component:
    """Content for its citizen only. Anybody else sees the same page as for a code that does not
    exist.

    `code` is that of the content. A page opens with what the tab showed at the last address of its
    kind, perhaps of another person, until the server has answered.
    Whoever is signed in for several persons (`unchosen`) chooses one, or another one: signing in
    again would lead her back here.
    """
    to_hers = button(chrome_text.MINE, href="/mine/")
    enter = rx.cond(
        unchosen,
        dead_end(whose_text.UNCHOSEN, whose_text.UNCHOSEN_WHY, to_hers),
        dead_end(
            chrome_text.NEED_ENTER,
            chrome_text.NEED_ENTER_WHY,
            rx.el.div(
                sign_in_button(),
                text_link(chrome_text.FOLLOW_BY_CODE, track_from_here(), native=True),
                class_name="grid justify-items-start gap-4",
            ),
        ),
    )
    onward = rx.el.div(to_hers, number_changed(), class_name="grid justify-items-start gap-4")
    absent = rx.cond(
        unchosen,
        dead_end(chrome_text.NOT_FOUND, whose_text.OTHERS_WHY, to_hers),
        dead_end(chrome_text.NOT_FOUND, chrome_text.NOT_FOUND_WHY, onward),
    )
    is_elsewhere = in_browser("({} && !location.pathname.includes({}))", code).to(bool)
    shown_here = rx.cond(is_elsewhere, loading("card"), content)
    return rx.cond(signed_out, enter, rx.cond(missing, absent, shown_here))


def who_question(onward: str) -> rx.Component:
    """A notice that another person may use this mobile; she is not named before the reader has
    answered.

    `onward` is the page to return to.
    """
    link = text_link(
        whose_text.MOBILE_ANSWER, f"/enter/identity/?next={quote(onward)}", native=True
    )
    return notice(whose_text.MOBILE_ASKED, whose_text.MOBILE_ASKED_WHY, tone="saffron", action=link)


# Addresses that show a place on a map in a browser.

_POINT = "https://www.openstreetmap.org/?mlat={north}&mlon={east}#map=17/{north}/{east}"
_SEARCH = "https://www.openstreetmap.org/search?query="


def maps_of(point: str, place: str) -> tuple[str, str]:
    """Return an address for the phone's own map, and one on the web for other devices.

    Without a point both search by the place's name.
    """
    if point:
        return f"geo:{point}?q={point}", web_point(point)
    return f"geo:0,0?q={quote(place)}", f"{_SEARCH}{quote(place)}"


def web_point(point: str) -> str:
    """Return the web map of `latitude,longitude`."""
    north, _, east = point.partition(",")
    return _POINT.format(north=north, east=east)


@dataclass(frozen=True)
class LostView(ViewModel):
    what: str = ""
    """Empty if none were lost lately."""
    whose: str = ""


NO_LOST = LostView()


async def read_lost(state: Asking) -> LostView:
    found = await query(state, lost_filings, Nothing())
    return LostView(*lost_words(found.number, found.first, found.last)) if found else NO_LOST


def lost_notice(view: LostView) -> rx.Component:
    """The notice above what a citizen searches or misses; nothing without losses."""
    words = notice(view.what, view.whose, tone="saffron")
    return shown(view.what, rx.el.div(words, class_name="mb-4"))
