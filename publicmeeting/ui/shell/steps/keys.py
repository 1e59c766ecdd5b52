"""The keyboard of the decision bar: one digit, one button."""

import reflex as rx


class DigitKeys(rx.Component):
    """The component of keys.js: presses the element whose id is `key-1`, `key-2`, …"""

    library = rx.asset("keys.js", shared=True).importable_path
    tag = "DigitKeys"
