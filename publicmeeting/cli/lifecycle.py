"""`lifecycle`: the two tables as Mermaid state diagrams, as README shows them."""

import argparse
from collections.abc import Iterator

from publicmeeting.domain.lifecycle import ORDER_STEPS, REQUEST_STEPS, AnyStage, Step
from publicmeeting.domain.stages import OrderStage, Stage
from publicmeeting.text.stages import ORDER_STAGE, STAGE

BEGIN, END = "<!-- lifecycle -->", "<!-- /lifecycle -->"
"""README keeps the diagrams between these; a test compares."""


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("lifecycle", help="print the stages and steps as diagrams")
    parser.set_defaults(perform=_perform)


def _perform(_arguments: argparse.Namespace) -> None:
    print(diagram())


def diagram() -> str:
    """Both state diagrams in Markdown: request, then order.

    Steps that keep the stage are left out; those between the same two stages share an arrow. A
    stage from which nothing leads on by itself is an end.
    """
    request = _states(REQUEST_STEPS, {stage: STAGE[stage] for stage in Stage})
    order = _states(ORDER_STEPS, {stage: ORDER_STAGE[stage] for stage in OrderStage})
    return f"{_block('Request', request)}\n\n{_block('Order', order)}"


def _block(title: str, lines: Iterator[str]) -> str:
    return "\n".join((f"**{title}**", "", "```mermaid", "stateDiagram-v2", *lines, "```"))


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
