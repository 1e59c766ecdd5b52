"""The diagrams of the tables, as README shows them."""

import re

import pytest

from publicmeeting.cli import lifecycle
from publicmeeting.cli.app import main
from publicmeeting.domain.lifecycle import ORDER_STEPS, REQUEST_STEPS
from publicmeeting.domain.stages import OrderStage, Stage
from publicmeeting.text.stages import ORDER_STAGE, STAGE

DIAGRAM = lifecycle.diagram()


@pytest.mark.parametrize(("stage", "name"), [*STAGE.items(), *ORDER_STAGE.items()])
def test_every_stage_stands_in_it_by_both_names(stage, name):
    assert f"    {stage.value} : {stage.value} · {name}\n" in DIAGRAM


@pytest.mark.parametrize("step", [*REQUEST_STEPS, *ORDER_STEPS], ids=lambda s: s.action.value)
def test_every_step_that_names_a_stage_is_an_arrow(step):
    for here in step.at or ("[*]",):
        arrow = rf"    {re.escape(here)} --> {step.to} : (?:.*, )?{step.action.value}(?:,|$)"
        assert bool(re.search(arrow, DIAGRAM, re.MULTILINE)) is (step.to is not None)


def test_a_case_ends_where_nothing_leads_on():
    ends = set(re.findall(r"^    (\w+) --> \[\*\]$", DIAGRAM, re.MULTILINE))
    assert ends == {Stage.CLOSED, Stage.DECLINED, Stage.WITHDRAWN, OrderStage.DONE}


def test_the_command_prints_them(capsys):
    assert main(["lifecycle"]) == 0
    assert capsys.readouterr().out == DIAGRAM + "\n"
