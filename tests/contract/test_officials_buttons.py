"""Buttons of officials' pages name their act as a noun («ثبت دستور»), all in the same form."""

import ast
import re
from collections.abc import Iterator, Mapping
from importlib import import_module

from publicmeeting.config import PROJECT
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.roles import Role
from publicmeeting.text.filing import card_text
from publicmeeting.text.lifecycle.actions_text import ACTION
from publicmeeting.text.line import witness_text
from publicmeeting.ui.mayor.offline import table

PAGES = ("ui/mayor", "ui/staff", "ui/city", "web/hall")
BUTTONS = {"button", "_small"}
SCRIPTS: dict[str, Mapping[str, str]] = {
    "web/plain/witness.js": witness_text.PAGE,
    "ui/mayor/offline/table.js": table.WORDS,
}
IN_BUTTON = re.compile(r'(?:\bbutton\(|h\("button",[^\n]*[ ,(])words\.(\w+)')
"""The word of a button in a script: `button(words.sign, …)`, `h("button", {…}, words.end)`."""
VERB = re.compile(r"([نهزشرت]ید|(?<!ر)سید|می‌\S+م|شود)$")
"""«باز کنید», «بسازید», «می‌پذیرم», «پنهان شود»: a command, a first person, a wish."""


def _labels() -> dict[str, str]:
    """Return name → sentence of every constant of `text` that is the label of a button."""
    modules = {
        path.stem: ".".join(path.relative_to(PROJECT).with_suffix("").parts)
        for path in (PROJECT / "publicmeeting" / "text").rglob("*_text.py")
    }
    parts = (part for label in _drawn_labels() for part in ast.walk(label))
    named = {
        (_name(part.value), part.attr)
        for part in parts
        if isinstance(part, ast.Attribute) and _name(part.value) in modules
    }
    found = {
        f"{module}.{name}": getattr(import_module(modules[module]), name) for module, name in named
    }
    return {name: label for name, label in found.items() if isinstance(label, str)}


def _drawn_labels() -> Iterator[ast.expr]:
    """Yield the first argument of every call that draws a button."""
    for folder in PAGES:
        for path in (PROJECT / "publicmeeting" / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and node.args and _name(node.func) in BUTTONS:
                    yield node.args[0]


def _labels_of_scripts() -> dict[str, str]:
    """Return the same of the buttons that a script draws from its `words`."""
    return {
        f"{script.rpartition('/')[2]} {word}": words[word]
        for script, words in SCRIPTS.items()
        for word in IN_BUTTON.findall(
            (PROJECT / "publicmeeting" / script).read_text(encoding="utf-8")
        )
    }


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def test_buttons_of_officials_name_their_act_as_a_noun() -> None:
    labels = _labels() | _labels_of_scripts()
    assert {"meeting_text.FINISH", "people_text.AGREE", "hall_text.MAKE"} <= labels.keys()
    assert {"witness.js sign", "table.js end", "table.js refuse"} <= labels.keys()
    assert {name: label for name, label in labels.items() if VERB.search(label)} == {}


def test_a_button_of_officials_has_one_form_and_one_act() -> None:
    """«رساندم؛ پنهان کردن لینک» is an answer and an act; «نه؛ کنار گذاشته شود» as well."""
    labels = _labels() | _labels_of_scripts()
    labels |= {"WHOSE_MINE": card_text.WHOSE_MINE, "WHOSE_NOT": card_text.WHOSE_NOT}
    assert {name: label for name, label in labels.items() if "؛" in label} == {}


def test_steps_of_officials_name_their_act_as_a_noun() -> None:
    """Citizens answer in their own words («می‌آیم»); an official's step is named."""
    own = {step.action for step in STEP_FOR.values() if Role.CITIZEN not in step.by}
    labels = {action: ACTION[action] for action in own if action in ACTION}
    assert {label for label in labels.values() if "می‌" in label or VERB.search(label)} == set()
