"""Where somebody is signed in: device and time of each, and a button that ends it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from markupsafe import Markup

from publicmeeting.store.accounts.sessions import OwnSession
from publicmeeting.text.common import dates_text
from publicmeeting.text.tracking import my_data_text
from publicmeeting.web.plain import elements
from publicmeeting.web.plain.elements import el


def session_list(
    sessions: Sequence[OwnSession], machine_now: datetime, action: str
) -> Iterable[Markup]:
    """The list, and the form that ends all others; `action` is where the forms are sent."""
    yield elements.muted(my_data_text.SESSIONS_LEAD)
    yield el("ul", *(_session(one, machine_now, action) for one in sessions), class_="rows")
    if len(sessions) > 1:
        others = elements.button(my_data_text.END_OTHERS, kind="danger", name="others", value="1")
        yield elements.form(action, others)
    else:
        yield elements.muted(my_data_text.ONLY_THIS)


def _session(one: OwnSession, now: datetime, action: str) -> Markup:
    device = one.device or my_data_text.DEVICE_UNKNOWN
    mark = el("span", my_data_text.THIS, class_="badge badge-glaze") if one.is_this else ""
    signed_in = my_data_text.SIGNED_IN.format(moment=dates_text.near_moment(one.created_at, now))
    used = my_data_text.USED.format(moment=dates_text.near_moment(one.used_at, now))
    end: Markup | str = ""
    if not one.is_this:
        press = el(
            "button",
            my_data_text.END,
            type="submit",
            name="session",
            value=one.handle,
            aria_label=my_data_text.END_LABEL.format(device=device),
            class_="btn btn-secondary",
        )
        end = elements.form(action, press)
    name = el("bdi", device, dir="ltr") if one.device else device
    body = el(
        "span",
        el("span", name, mark, class_="row-title flex flex-wrap gap-2"),
        el("span", my_data_text.DOORS.get(one.door, ""), class_="row-meta block"),
        el("span", signed_in, class_="row-meta block"),
        el("span", used, class_="row-meta block"),
        class_="row-body",
    )
    return el("li", body, end, class_="grid gap-2 py-3")
