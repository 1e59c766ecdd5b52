"""Each step of the wizard names itself in the title and takes the focus to its heading."""

import reflex as rx


class StepFocus(rx.Component):
    """The component of step_focus.js."""

    library = rx.asset("step_focus.js", shared=True).importable_path
    tag = "StepFocus"

    step: rx.Var[int]
    title: rx.Var[str]
