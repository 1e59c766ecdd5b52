"""Screen readers announce each result and each refusal exactly once."""

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from support.each import for_each
from support.line import Line
from support.pages import tree_of
from support.staff_tab import Tab, do
from support.walk import WalkedCase

from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.text.tracking import day_text
from publicmeeting.ui.citizen.timeline.page import TimelineState
from publicmeeting.ui.design.sheets import Announcer
from publicmeeting.ui.routes import PAGES, Page
from publicmeeting.ui.staff.lanes import LanesState

_LIVE = re.compile(r'role:"(status|alert)"|"aria-live":')
_ANSWER = re.compile(r'(\w+_state)\.(?:answer_rx_state_\W+)?(done|refused)(?:_rx_state_|"\])')
_IN = ("cond_state", "true_value", "false_value", "children", "match_cases", "default", "iterable")
BESIDE_ITS_PLACE = "/mine/[code]"
"""Each answer has a live part beside its form, of which the page renders one."""


def shown(node: Any, voices: tuple[int, ...] = ()) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield each text about an answer, and the live regions that contain it."""
    if isinstance(node, list | tuple):
        for one in node:
            yield from shown(one, voices)
    elif isinstance(node, dict):
        if _LIVE.search(str(node.get("props", "")).replace(" ", "").replace("'", "")):
            voices = (*voices, id(node))
        is_words = node.get("name") == Announcer.tag
        words = str(node["props"]) if is_words else node.get("contents") or ""
        for state, field in _ANSWER.findall(words):
            yield f"{state}.{field}", voices
        for key in _IN:
            yield from shown(node.get(key), voices)


_HIDES = re.compile(r'className:"[^"]*empty:hidden')


def polite_and_hidden(node: Any) -> Iterator[str]:
    if isinstance(node, list | tuple):
        for one in node:
            yield from polite_and_hidden(one)
    elif isinstance(node, dict):
        props = str(node.get("props", "")).replace(" ", "").replace("'", "")
        if 'role:"status"' in props and _HIDES.search(props):
            yield props
        for key in _IN:
            yield from polite_and_hidden(node.get(key))


def announcers(node: Any) -> Iterator[str]:
    """Yield the expressions that fill each page's own live region."""
    if isinstance(node, list | tuple):
        for one in node:
            yield from announcers(one)
    elif isinstance(node, dict):
        if node.get("name") == Announcer.tag:
            yield str(node["props"])
        for key in _IN:
            yield from announcers(node.get(key))


@dataclass(frozen=True, slots=True)
class Voices:
    """What is searched in one page, drawn once for all tests here."""

    shown: list[tuple[str, tuple[int, ...]]]
    polite_and_hidden: list[str]
    announcers: list[str]


@cache
def voices_of(page: Page) -> Voices:
    drawn = tree_of(page.path)
    return Voices(list(shown(drawn)), list(polite_and_hidden(drawn)), list(announcers(drawn)))


@for_each(PAGES, ids=lambda page: page.path)
def test_what_a_page_answers_has_one_voice(page: Page) -> None:
    found = voices_of(page).shown
    assert all(len(voices) <= 1 for _, voices in found), "a voice within a voice"
    spoken = Counter(what for what, voices in set(found) if voices)
    if page.path != BESIDE_ITS_PLACE:
        assert not [what for what, many in spoken.items() if many > 1]
    assert {what for what, _ in found} == set(spoken)


@for_each([page for page in PAGES if page.path in ("/enter", "/sign-in")])
def test_the_error_of_a_door_is_spoken_at_its_field_alone(page: Page) -> None:
    """There it is an alert, and the field, which has the focus, is described by it."""
    assert not [props for props in voices_of(page).announcers if "errors" in props]


@for_each(PAGES, ids=lambda page: page.path)
def test_what_is_read_when_it_changes_is_there_before_its_words(page: Page) -> None:
    """Only an alert is announced even if it appears together with its text."""
    assert not voices_of(page).polite_and_hidden


@for_each(
    [page for page in PAGES if not page.about and page.roles not in ((), (Role.CITIZEN,))],
    ids=lambda page: page.path,
)
def test_the_same_answer_to_another_press_is_spoken_again(page: Page) -> None:
    for props in voices_of(page).announcers:
        states = {state for state, _ in _ANSWER.findall(props)}
        assert all(re.search(rf"{state}\.\S*answers", props) for state in states), states


@for_each(
    {"/desk": "title", "/unit/briefs": "title", "/city/promises": "title", "/lanes": "lane"}.items()
)
def test_a_case_that_opens_beside_a_list_that_stays_is_spoken(heading: tuple[str, str]) -> None:
    """The page's address stays the same, so its heading is not read again."""
    path, field = heading
    (page,) = (one for one in PAGES if one.path == path)
    assert any(f'["{field}"]' in props for props in voices_of(page).announcers)


def test_an_official_who_is_refused_twice_hears_it_twice(line: Line) -> None:
    state: Any = Tab(line.city.application, "desk").opens(LanesState, "/lanes/")
    heard = []
    for _ in range(2):
        asyncio.run(do(state, LanesState.judge, {"ask": "none", "reason": "yes/none"}))
        heard.append((state.refused, state.answers))
    (first, before), (second, after) = heard
    assert first == second != ""
    assert after > before


def test_a_call_is_spoken_by_its_own_part_alone(
    a_request: Callable[..., WalkedCase], her_page: Callable[..., TimelineState]
) -> None:
    walked = a_request(at=Stage.ARRIVED)
    state = her_page(walked)
    walked.official("reception", Action.CALL)
    asyncio.run(state._reread())
    assert (state.case.status.head, state.announcement) == (day_text.HEAD["called"], "")
    walked.official("mayor", Action.CALL_IN)
    asyncio.run(state._reread())
    assert state.announcement
