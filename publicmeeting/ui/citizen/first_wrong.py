"""The focus goes to the first field of a form that was refused."""

import reflex as rx


class FirstWrong(rx.Component):
    """The component of first_wrong.js; stands inside the form, beside its fields."""

    library = rx.asset("first_wrong.js", shared=True).importable_path
    tag = "FirstWrong"

    errors: rx.Var[dict[str, str]]
