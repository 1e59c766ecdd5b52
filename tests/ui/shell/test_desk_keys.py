"""A key of the desk belongs to one action only, and every desk reacts to its keys."""

from itertools import combinations

from support.each import for_each
from support.pages import drawn

from publicmeeting.domain.lifecycle.tables import ORDER_STEPS, REQUEST_STEPS
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action, OrderAction, OrderStage, Stage
from publicmeeting.ui.design.frames import LINES
from publicmeeting.ui.routes import PAGES
from publicmeeting.ui.shell.narrowing import FIND
from publicmeeting.ui.shell.steps.keys import CANCEL, KEYS, DeskKeys
from publicmeeting.ui.shell.steps.parts import SEND
from publicmeeting.ui.shell.steps.views import step_buttons
from publicmeeting.ui.staff.monday.state import SEEK


def test_no_two_actions_of_a_kind_share_a_key() -> None:
    for kind in (Action, OrderAction):
        digits = [digit for action, digit in KEYS.items() if isinstance(action, kind)]
        assert len(digits) == len(set(digits))
    assert set(KEYS.values()) == set(range(1, 10))


def test_a_key_stays_with_its_action_whatever_else_is_open() -> None:
    for table in (REQUEST_STEPS, ORDER_STEPS):
        steps = [step for step in table if step.action in KEYS]
        for open_ in combinations(steps, 3):
            assert {button.action: button.key for button in step_buttons(open_)} == {
                step.action.value: str(KEYS[step.action]) for step in open_
            }


@for_each([*Stage, *OrderStage])
def test_the_digits_of_a_desk_and_a_unit_grow_from_button_to_button(at: Stage | OrderStage) -> None:
    table = REQUEST_STEPS if isinstance(at, Stage) else ORDER_STEPS
    for role in (Role.DESK, Role.UNIT):
        steps = [one for one in table if at in one.at and role in one.by and one.action in KEYS]
        digits = [button.key for button in step_buttons(steps)]
        assert digits == sorted(digits)


def hears(page: str) -> bool:
    return DeskKeys.tag in page


@for_each(page.path for page in PAGES)
def test_a_page_with_lines_or_a_form_of_steps_hears_its_keys(path: str) -> None:
    page = drawn()[path]
    assert hears(page) or not any(name in page for name in (LINES, CANCEL, SEND))


@for_each(["/desk", "/desk/calls", "/unit", "/lanes", "/monday", "/city/promises"])
def test_a_desk_hears_its_keys(path: str) -> None:
    assert hears(drawn()[path])


def test_where_a_scanner_types_no_digit_is_a_step_and_a_form_can_be_left_by_key() -> None:
    page = drawn()["/monday"]
    assert SEEK in page
    assert "key-" not in page
    assert CANCEL in page


@for_each(page.path for page in PAGES)
def test_a_page_that_leads_through_a_list_by_keys_shows_them(path: str) -> None:
    """Except reception: it is used on a tablet, and there a scanner types."""
    page = drawn()[path]
    leads = hears(page) and LINES in page and path != "/monday"
    finds = f'id:\\"{FIND}\\"' in page
    assert page.count('\\"kbd\\"') == (3 if finds else 2) * leads
