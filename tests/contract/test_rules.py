"""Every rule of tests/rules finds the fault that it is for, and nothing else."""

import gc
from collections.abc import Iterator, Mapping
from functools import cache

import pytest
from rules.__main__ import MODULES
from rules.sources import RULES, Project
from support.each import for_each

NEW = "publicmeeting/kit/planted.py"
PAGE = "publicmeeting/ui/planted.py"
WORDS = "publicmeeting/text/planted.py"
REFUSALS = "publicmeeting/text/refusals_planted.py"
GUARDS = "publicmeeting/domain/lifecycle/guards.py"
SHEET = "assets/look/planted.css"
PINS = "requirements.txt"


@cache
def project() -> Project:
    return Project.of()


def more(name: str, text: str) -> dict[str, str]:
    """Return a file of the project with a text added at its end."""
    return {name: f"{project().sources[name].text}\n{text}\n"}


def other(name: str, old: str, new: str) -> dict[str, str]:
    """Return a file of the project with one text replaced."""
    text = project().sources[name].text
    assert old in text, old
    return {name: text.replace(old, new)}


def refusing(key: str, sentence: str) -> dict[str, str]:
    return {REFUSALS: f'_MORE = {{"{key}": "{sentence}"}}'}


def saying(sentence: str) -> dict[str, str]:
    return {WORDS: f'MORE = "{sentence}"'}


def plants() -> dict[str, list[Mapping[str, str]]]:
    """Return rule → files that break it, each once.

    Names of hosts and folders are concatenated here too, so that this file breaks no rule.
    """
    return {
        "module-length": [{NEW: "\n" * 601}, {"tests/kit/planted.py": "\n" * 601}],
        "names-once": [{NEW: "_AT = 1\n_AT = 2"}, {NEW: "_AT = 1\n_AT, _BY = 2, 3"}],
        "sheet-length": [{SHEET: "\n" * 301}],
        "package-sentence": [
            {"publicmeeting/kit/sub/__init__.py": ""},
            {"publicmeeting/kit/sub/__init__.py": '"""Two\nlines."""'},
            {"publicmeeting/kit/sub/__init__.py": '"""One."""\nimport ast'},
        ],
        "readme-map": [
            {"publicmeeting/planted/__init__.py": '"""No line in the map has this."""'},
            {"publicmeeting/kit/__init__.py": '"""Another sentence than the map has."""'},
        ],
        "top-level": [{"planted_full.py": "LEFT_OVER = 1"}],
        "merge-markers": [{"docs/planted.md": "a\n" + "<" * 7 + " HEAD"}],
        "registries": [{"docs/planted.md": "from registry." + "npmjs.example"}],
        "machine-paths": [{"docs/planted.md": "look into /ho" + "me/anna"}],
        "environment": [
            {NEW: "import os\nHERE = os.environ"},
            {NEW: "from os import getenv"},
        ],
        "stage-decides": [
            {NEW: "def open_(case):\n    return case.stage == Stage.WAITING"},
            {NEW: "def open_(case):\n    return case.stage in (OrderStage.OPEN, OrderStage.LATE)"},
            {NEW: "match stage:\n    case Stage.WAITING:\n        pass"},
            {NEW: "from x import Stage as S\nCLOSED = stage == S.CLOSED.value"},
        ],
        "literal-decides": [
            {NEW: 'IS_OPEN = day.state == "open"'},
            {NEW: 'IS_ON = day.state in {"open", MondayState.HELD}'},
            {NEW: 'IS_ASKED = "exclude" != event.action'},
        ],
        "unraised-decides": [
            {NEW: 'IS_AT_DESK = self.why == "planted"'},
            {NEW: '_GONE = "planted"\nIS_GONE = refusal.key != _GONE'},
        ],
        "sentence-decides": [
            {NEW: "IS_MOVED = page.refused == refusal('stage_moved')"},
            {NEW: "KNOWN = {refusal('stage_moved'): 1}"},
            {NEW: "KNOWN = {refusal(key): key for key in KEYS}"},
        ],
        "dealt-chance": [
            {NEW: "DEALT = chance.repeated(7)"},
            {NEW: "from publicmeeting.kit import randomness"},
            {"publicmeeting/seeder/fill.py": ""},
        ],
        "secrets": [{NEW: "import secrets"}, {"publicmeeting/kit/randomness.py": ""}],
        "seats": [
            {NEW: "store.seats.allot(case)"},
            {NEW: "SeatRow(id='1')"},
            {"publicmeeting/usecases/line/drawing.py": ""},
        ],
        "bulk-writes": [
            {"publicmeeting/store/planted.py": "write(session, SeatRow, rows)"},
            {"publicmeeting/store/planted.py": "session.bulk_save_objects(rows)"},
            {"publicmeeting/store/planted.py": "insert(SeatRow)"},
            {NEW: "door._insert(rows)"},
        ],
        "evaluated-scripts": [
            {PAGE: "class S:\n    def go(self):\n        return rx.call_script('alert()')"}
        ],
        "followed-topics": [
            {PAGE: "follow(self, lambda: self.topics)"},
            {PAGE: "follow(self, always(self.code))"},
            {PAGE: "follow(self, unknown)"},
        ],
        "unused": [
            {NEW: "def nobody():\n    pass"},
            {NEW: "NOBODY = 1"},
            {NEW: "class Nobody:\n    pass"},
        ],
        "dots-end-lines": [saying("{day} · {place}"), {PAGE: 'META = " · ".join(facts)'}],
        "unspoken": [saying("سلام"), {WORDS: "def more() -> str:\n    return ''"}],
        "unraised": [refusing("nobody_refuses", "این نشد. آن را دوباره ببینید.")],
        "refusal-once": [refusing("code_wrong", "این نشد. آن را دوباره ببینید.")],
        "refusal-sentences": [
            {NEW: "raise Denied('no_such_word')"},
            {NEW: "raise Invalid('code_wrong' if x else 'no_such_word')"},
            {NEW: "raise Invalid('text_too_long', length=3)"},
        ],
        "guard-sentences": [
            more(GUARDS, "def guard() -> str | None:\n    return 'no_such_word'"),
            more(GUARDS, "def guard() -> str | None:\n    return 'text_too_long'"),
        ],
        "refusal-form": [
            refusing("planted", "این نشد. آن را ببینید"),
            refusing("planted", "این نشد."),
            refusing("planted", "این 7 بار نشد. آن را ببینید."),
        ],
        "persian-letters": [saying("سلام ي"), saying("ساعت 9"), saying("ك {n}")],
        "forbidden-words": [
            saying(text)
            for text in (
                "سلام ي",
                "ساعت 9",
                "سلام!",
                "“سلام”",
                "می رود",
                "کتاب ها",
                "انجام می‌باشد",
                "تایید شد",
                "کد پیگیری",
                "کار عقب است",
                "وعده",
                "منطقه {n}",
                "مقدار نامعتبر",
                "به‌زودی",
                "مقتضی",
                "برگزینید",
                "نشان بده",
                "پاک کن",
                "۲۲ منطقه",
                "دو  فاصله",
                "سلام .",
            )
        ],
        "sentence-length": [saying("واژه " * 21)],
        "page-sides": [
            {PAGE: f'rx.box(class_name="flex {side} gap-1")'}
            for side in ("ml-2", "md:pr-4", "text-left", "-left-3", "border-r-2", "rounded-tl-2")
        ],
        "page-colours": [{PAGE: 'C = "#ff0000"'}, {PAGE: 'C = "text-red-500"'}],
        "page-widths": [{PAGE: 'row("max-w-2xl")'}],
        "page-styles": [{PAGE: "rx.box(style={})"}],
        "page-blanks": [{PAGE: 'shown(S.day.next.code != "", call())'}],
        "sheet-colours": [{SHEET: "a { color: #fff; }"}],
        "sheet-sides": [
            {SHEET: "a { margin-left: 0; }"},
            {SHEET: "a {\n  left: 0;\n}"},
            {SHEET: "a { text-align: right; }"},
        ],
        "exact-pins": [more(PINS, "reflex>=0.10"), more(PINS, "reflex==0.*")],
        "brought-pins": [other(PINS, "annotated-types==0.8.0\n", "")],
        "installed-pins": [
            other(PINS, "reflex==0.10.1", "reflex==0.10.0"),
            more(PINS, "no-such-package==1.0"),
        ],
        "own-pins": [
            {NEW: "import annotated_types"},
            {NEW: "import httpx"},
            {"tests/kit/planted.py": "import pluggy"},
        ],
        "lock-lines": [{"reflex.lock/package.json": '{"name": "reflex"}'}],
    }


FINE = {
    "page-sides": {
        PAGE: 'rx.box(class_name="flex ms-2 md:pe-4 text-start start-3 place-items-center")'
    },
    "page-colours": {PAGE: 'C = "text-glaze see /page#top"'},
    "stage-decides": {NEW: "WANTED = RequestRow.stage == Stage.WAITING"},
    "literal-decides": {NEW: 'IS_ANY = day.state == ""'},
    "unraised-decides": {NEW: 'IS_GONE = self.why == "not_found"'},
    "sentence-decides": {NEW: 'IS_FINE = page.refused == ""'},
    "evaluated-scripts": {PAGE: "def draw():\n    return rx.call_script('focus()')"},
    "followed-topics": {
        PAGE: "async def mine(): ...\nfollow(self, mine)\nfollow(self, always('city'))"
    },
    "persian-letters": saying("ساعت {h9}"),
    "dots-end-lines": {PAGE: 'def meta():\n    """«منطقهٔ ۶ · آسفالت»."""\n    return "\\u00a0· "'},
    "refusal-form": refusing("planted_missing", "آن را بنویسید."),
}
"""Rule → files that look similar but are allowed."""


@pytest.fixture(autouse=True, scope="module")
def _trees_stay() -> Iterator[None]:
    """Switch garbage collection off: searching the syntax trees would cost more than all rules."""
    gc.disable()
    yield
    project.cache_clear()
    gc.enable()


def batches(name: str) -> list[dict[str, str]]:
    """Return the planted files of a rule in batches, so that each batch has a path once."""
    found: list[dict[str, str]] = [{}]
    for number, files in enumerate(plants()[name]):
        named = {path.replace("planted", f"planted_{number}"): text for path, text in files.items()}
        if found[-1].keys() & named.keys():
            found.append({})
        found[-1] |= named
    return found


def broken(name: str, files: Mapping[str, str]) -> set[str]:
    return {found.path for found in RULES[name].find(project().planted(files))}


def test_every_rule_has_a_fault_to_find_and_a_meaning() -> None:
    assert plants().keys() == RULES.keys()
    assert all(rule.meaning.endswith(".") for rule in RULES.values())
    assert {rule.find.__module__ for rule in RULES.values()} == {
        module.__name__ for module in MODULES
    }


@for_each(RULES)
def test_a_rule_finds_its_fault_and_nothing_else(name: str) -> None:
    """This also shows that the project itself obeys every rule."""
    for files in batches(name):
        assert broken(name, files) == set(files)


@for_each(FINE)
def test_a_rule_lets_pass_what_is_meant_to_be_there(name: str) -> None:
    assert broken(name, FINE[name]) == set()
