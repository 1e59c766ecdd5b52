"""Each step of the wizard names itself in the title and takes the focus to its heading."""

import reflex as rx

from publicmeeting.ui.design.scripts import link_script


class StepFocus(rx.Component):
    """The component of step_focus.js."""

    library = link_script(__name__, "step_focus.js")
    tag = "StepFocus"

    step: rx.Var[int]
    title: rx.Var[str]
