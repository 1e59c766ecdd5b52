"""The part that makes, keeps and shows a witness's secret value."""

import reflex as rx

from publicmeeting.text.line import witness_text
from publicmeeting.ui.design.flow import Handler
from publicmeeting.ui.reflex.scripts import link_script
from publicmeeting.ui.shell.photo_sender import link_sha256

link_sha256()


class KeptValue(rx.Component):
    """The component of value.js, the file beside this one."""

    library = link_script(__name__, "value.js")
    tag = "KeptValue"

    party: rx.Var[str]
    monday: rx.Var[str]
    mode: rx.Var[str]
    commitment: rx.Var[str]
    words: rx.Var[dict[str, str]]
    on_commit: rx.EventHandler[rx.event.passthrough_event_spec(str, str)]  # type: ignore[type-arg, valid-type]  # Reflex's own form
    on_show: rx.EventHandler[rx.event.passthrough_event_spec(str, str)]  # type: ignore[type-arg, valid-type]  # Reflex's own form


def kept_value(
    party: str, monday: str, mode: str, commitment: str, on_commit: Handler, on_show: Handler
) -> rx.Component:
    """`mode` is `make`, `keep` or `show`; both events hear the Monday and what leaves the browser:
    the commitment, and on Wednesday the value."""
    return KeptValue.create(
        party=party,
        monday=monday,
        mode=mode,
        commitment=commitment,
        words=witness_text.VALUE,
        on_commit=on_commit,
        on_show=on_show,
    )
