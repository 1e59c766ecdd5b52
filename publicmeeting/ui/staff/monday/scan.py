"""The camera of the reception's tablet, which reads one pass after another."""

import reflex as rx

from publicmeeting.text.meetings import reception_text
from publicmeeting.ui.design.flow import Handler
from publicmeeting.ui.reflex.scripts import link_script

link_script(__name__, "camera.js")  # scan.js fetches it from its own folder, at the first press


class PassScanner(rx.NoSSRComponent):
    """Component of scan.js, the file beside this one."""

    library = link_script(__name__, "scan.js")
    tag = "PassScanner"

    words: rx.Var[dict[str, str]]
    on_code: rx.EventHandler[rx.event.passthrough_event_spec(str)]  # type: ignore[type-arg, valid-type]  # Reflex's own form


def pass_scanner(on_code: Handler) -> rx.Component:
    """A camera button. `on_code` receives the text of each code, once each time it is held up."""
    return PassScanner.create(
        words={
            "open": reception_text.SCAN_OPEN,
            "stop": reception_text.SCAN_STOP,
            "ready": reception_text.SCAN_READY,
            "light": reception_text.SCAN_LIGHT,
            "refused": reception_text.SCAN_REFUSED,
            "missing": reception_text.SCAN_MISSING,
            "lost": reception_text.SCAN_LOST,
        },
        on_code=on_code,
    )
