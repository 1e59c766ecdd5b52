"""The surface open to browsers is listed in surface.txt, so that a review sees each change."""

import ast
import inspect
import textwrap

from contract.project_files import PROJECT
from contract.surface import FRAMEWORKS, OURS, handlers, states, undeclared, used
from support.each import for_each
from support.written_down import compare_written

from publicmeeting.ui.shell.narrowing import Narrowing
from publicmeeting.ui.shell.steps.state import MasterDetailState

WRITTEN = PROJECT / "tests" / "contract" / "surface.txt"


def surface() -> str:
    """Return handlers with their parameters, then use cases with the roles that may use them."""
    calls = [handler.line.removeprefix(OURS) for handler in handlers()]
    cases = [
        f"{name.removeprefix(OURS)}: {', '.join(roles) or 'anyone'}"
        for name, roles in sorted(used().items())
    ]
    return "\n".join([*calls, "", *cases, ""])


def test_the_surface_is_the_one_that_is_written_down() -> None:
    how = "Read each line as an attacker would, then copy it into the file."
    compare_written(WRITTEN, surface().splitlines(), how)


def test_pages_and_routes_perform_only_use_cases_that_name_their_roles() -> None:
    assert undeclared() == set()


@for_each(states(), ids=lambda state: state.__name__)
def test_a_state_has_no_method_for_browsers_that_is_not_marked_as_one(state: type) -> None:
    """Reflex serves every public method, so an unmarked one is served by mistake."""
    assert set(state.event_handlers) - FRAMEWORKS == _marked(state)


@for_each(handlers(), ids=lambda handler: handler.line)
def test_a_handler_says_what_it_does(handler: object) -> None:
    state, name = handler.state, handler.name
    assert inspect.getdoc(state.event_handlers[name].fn)
    assert not name.startswith("set_")


def test_a_handler_beside_the_page_runs_once_for_each_tab() -> None:
    """A tab that sends an event a thousand times has one running handler, the newest."""
    beside = {
        handler.line: handler.state.event_handlers[handler.name].supersedes
        for handler in handlers()
        if handler.state.event_handlers[handler.name].is_background
    }
    assert len(beside) >= 20
    assert all(beside.values()), beside


def test_a_page_gives_every_hook_that_its_mixins_ask_for() -> None:
    """mypy refuses the parts of a page over a state without a hook, before anybody presses."""
    asking = {mixin for state in states() for mixin in state.__mro__ if inspect.isabstract(mixin)}
    assert asking == {Narrowing, MasterDetailState}
    assert [state for state in states() if inspect.isabstract(state)] == []


def _marked(state: type) -> set[str]:
    """Return the methods under `@rx.event` in the sources of the state and its mixins."""
    marked: set[str] = set()
    for one in state.__mro__:
        if not one.__module__.startswith(OURS):
            continue
        body = ast.parse(textwrap.dedent(inspect.getsource(one))).body[0]
        assert isinstance(body, ast.ClassDef)
        marked |= {
            node.name
            for node in body.body
            if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef)
            and any(_marks(ast.unparse(one)) for one in node.decorator_list)
        }
    return marked


def _marks(decorator: str) -> bool:
    return "rx.event" in decorator or decorator == "background"
