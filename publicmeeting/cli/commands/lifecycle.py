"""`lifecycle`: prints docs/lifecycle.md: both tables as Markdown, with diagrams and rows."""

import argparse
from collections.abc import Iterable, Iterator

from publicmeeting.domain.lifecycle.tables import (
    ORDER_STEPS,
    REQUEST_STEPS,
    AnyStage,
    Days,
    EndSideDeadline,
    Explicit,
    SideDeadline,
    Step,
    Unchanged,
    Within,
    WorkingDays,
)
from publicmeeting.domain.stages import OrderStage, Stage
from publicmeeting.text.lifecycle.stages_text import ORDER_STAGE, STAGE

_HEAD = """\
# The lifecycle of a request and of an order

Printed by `python3 -m publicmeeting lifecycle` from `domain/lifecycle/tables.py`; a test keeps this
page equal to the tables. How to change a row: [architecture.md](architecture.md#a-step).

- **from → to**: where the step may be taken, and the stage after it; `·` keeps the stage, `–`
  begins.
- **by**: the roles that may take it; `clock` is the city itself.
- **needs**: what the form must bring, in brackets what it may bring.
- **guards**: further conditions, by the name of their function in `guards.py`, `order_guards.py`,
  `absence.py` or `telephone.py` of `domain/lifecycle/`.
- **notifies**: who gets a notice.
- **until**: the deadline that begins with the step; `unchanged` leaves the present one. A step that
  **fires** is taken by the clock at the end of the stage's deadline."""

_COLUMNS = ("step", "from → to", "by", "needs", "guards", "notifies", "until")


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("lifecycle", help="print the stages and steps as diagrams")
    parser.set_defaults(perform=_perform)


def _perform(_arguments: argparse.Namespace) -> None:
    print(page())


def page() -> str:
    """Return the page: a state diagram and the table's rows, for requests, then for orders."""
    request = _part("Request", REQUEST_STEPS, {stage: STAGE[stage] for stage in Stage})
    order = _part("Order", ORDER_STEPS, {stage: ORDER_STAGE[stage] for stage in OrderStage})
    return f"{_HEAD}\n\n{request}\n\n{order}"


def _part(title: str, table: tuple[Step, ...], names: dict[AnyStage, str]) -> str:
    """Return the part of one table.

    Diagrams omit steps that keep the stage, and join steps between the same two stages in one
    arrow. A stage that no step leaves is an end state.
    """
    diagram = ("```mermaid", "stateDiagram-v2", *_states(table, names), "```")
    rows = (_row(_COLUMNS), _row("---" for _ in _COLUMNS), *map(_step, table))
    return "\n".join((f"## {title}", "", *diagram, "", *rows))


def _states(table: tuple[Step, ...], names: dict[AnyStage, str]) -> Iterator[str]:
    for stage, name in names.items():
        yield f"    {stage} : {stage} · {name}"
    for (here, there), steps in _arrows(table).items():
        yield f"    {here} --> {there} : {', '.join(steps)}"
    for stage in names:
        if not any(step.main and stage in step.at for step in table):
            yield f"    {stage} --> [*]"


def _arrows(table: tuple[Step, ...]) -> dict[tuple[str, str], list[str]]:
    arrows: dict[tuple[str, str], list[str]] = {}
    for step in table:
        if step.to is None:
            continue
        for here in step.at or ("[*]",):
            arrows.setdefault((str(here), str(step.to)), []).append(step.action.value)
    return arrows


def _step(step: Step) -> str:
    need_names = [need.value for need in step.needs] + [f"({need.value})" for need in step.may]
    return _row(
        (
            f"`{step.action.value}`" + (" fires" if step.fires else ""),
            f"{_words(step.at) or '–'} → {step.to or '·'}",
            _words(step.by),
            ", ".join(need_names),
            ", ".join(guard.__name__ for guard in step.guards),
            _words(step.notifies),
            _until(step.within),
        )
    )


def _until(within: Within) -> str:
    limit = ""
    match within:
        case WorkingDays(n):
            limit = f"{n} working days"
        case Days(n):
            limit = f"{n} days"
        case Explicit():
            limit = "set by the step"
        case Unchanged():
            limit = "unchanged"
        case SideDeadline(n, at):
            limit = f"{n} working days; in other stages than {at} the case's own stays"
        case EndSideDeadline(action):
            limit = f"ends that of {action}"
    return limit


def _words(values: Iterable[object]) -> str:
    return ", ".join(map(str, values))


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
