"""What several pages of a citizen share: the code in the address, field names, pictures."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import reflex as rx

from publicmeeting.domain.pictures import PictureKind
from publicmeeting.domain.records import Image
from publicmeeting.text.common import chrome_text
from publicmeeting.text.tracking import citizen_orders_text, recycled_text
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.links import anchor, door_from_here, text_link, track_from_here
from publicmeeting.ui.design.models import Photo
from publicmeeting.ui.design.sheets import notice
from publicmeeting.ui.design.states import dead_end
from publicmeeting.ui.shell.photos import photo_views

PLAIN = "/plain/request/"
"""The same four steps as pages without scripts."""


def without_internet() -> rx.Component:
    """Who serves whoever has no internet: the telephone of the city, or any desk."""
    return _by_telephone_or_desk(chrome_text.NO_INTERNET)


def without_mobile() -> rx.Component:
    """Who serves whoever no code can be sent to: the same."""
    return _by_telephone_or_desk(chrome_text.NO_MOBILE)


def _by_telephone_or_desk(who: str) -> rx.Component:
    call = anchor(chrome_text.CALL_137, href="tel:137", native=True, class_name="link")
    return rx.el.p(rx.el.strong(who), " ", call, " ", chrome_text.OR_THE_DESK)


def code_of(state: rx.State) -> str:
    """The tracking code in the address of this page; Reflex adds `[code]` to every state."""
    return str(getattr(state, "code", ""))


def field_name(name: str) -> Any:
    """The name of a field in a form that is drawn at several places of one page.

    For an id that is plain text Reflex holds one reference for the whole page: a copy of the form
    that is not drawn would overwrite it, and the field would arrive empty. It makes none for a var.
    """
    return rx.Var(f'"{name}"').to(str)


def sign_in_button() -> rx.Component:
    """Whoever has signed in comes back to this page."""
    return button(chrome_text.ENTER, href=door_from_here("/enter/"), native=True)


def of_her_own(content: rx.Component, *, signed_out: bool, missing: bool) -> rx.Component:
    """What only its citizen sees; for anybody else's it is the same page as for none."""
    to_hers = button(chrome_text.MINE, href="/mine/")
    return rx.cond(
        signed_out,
        dead_end(
            chrome_text.NEED_ENTER,
            chrome_text.NEED_ENTER_WHY,
            rx.el.div(
                sign_in_button(),
                text_link(chrome_text.FOLLOW_BY_CODE, track_from_here(), native=True),
                class_name="grid justify-items-start gap-4",
            ),
        ),
        rx.cond(
            missing,
            dead_end(chrome_text.NOT_FOUND, chrome_text.NOT_FOUND_WHY, to_hers),
            content,
        ),
    )


def who_question(onward: str) -> rx.Component:
    """Somebody this mobile serves is not named before she has answered; `onward` leads back."""
    link = text_link(recycled_text.ANSWER, f"/enter/identity/?next={quote(onward)}", native=True)
    return notice(recycled_text.ASKED, recycled_text.ASKED_WHY, tone="saffron", action=link)


def sorted_photos(images: Sequence[Image]) -> tuple[tuple[Photo, ...], tuple[Photo, ...]]:
    """Pictures from before the work and of its result; where none is from before, the first is
    empty and the second holds all of them without that distinction."""
    before = [image for image in images if image.kind is PictureKind.BEFORE]
    after = [image for image in images if image.kind is not PictureKind.BEFORE]
    if not before:
        return (), photo_views(after)
    return (
        photo_views(before, citizen_orders_text.BEFORE_ALT),
        photo_views(after, citizen_orders_text.AFTER_ALT),
    )


# Addresses by which a telephone or a browser shows a place on its map.

_POINT = "https://www.openstreetmap.org/?mlat={north}&mlon={east}#map=17/{north}/{east}"
_SEARCH = "https://www.openstreetmap.org/search?query="


def maps_of(point: str, place: str) -> tuple[str, str]:
    """The map of her phone, and one on the web for other devices; by name without a point."""
    if point:
        return f"geo:{point}?q={point}", web_point(point)
    return f"geo:0,0?q={quote(place)}", f"{_SEARCH}{quote(place)}"


def web_point(point: str) -> str:
    """Of `latitude,longitude`."""
    north, _, east = point.partition(",")
    return _POINT.format(north=north, east=east)
