"""docs/lifecycle.md shows the tables as the code has them."""

import re

from support.each import for_each
from support.written_down import compare_written

from publicmeeting.cli.app import main
from publicmeeting.cli.commands import lifecycle
from publicmeeting.config import PROJECT
from publicmeeting.domain.lifecycle.tables import ORDER_STEPS, REQUEST_STEPS
from publicmeeting.domain.stages import OrderStage, Stage
from publicmeeting.text.lifecycle.stages_text import ORDER_STAGE, STAGE

PAGE = lifecycle.page()


def test_the_page_of_the_docs_is_what_the_tables_say():
    how = "Run: python3 -m publicmeeting lifecycle > docs/lifecycle.md"
    compare_written(PROJECT / "docs" / "lifecycle.md", PAGE.splitlines(), how)


@for_each([*STAGE.items(), *ORDER_STAGE.items()])
def test_every_stage_stands_in_it_by_both_names(stage, name):
    assert f"    {stage.value} : {stage.value} · {name}\n" in PAGE


@for_each([*REQUEST_STEPS, *ORDER_STEPS], ids=lambda s: s.action.value)
def test_every_step_is_a_row_and_one_that_names_a_stage_an_arrow(step):
    assert len(re.findall(rf"(?m)^\| `{step.action.value}`[ |]", PAGE)) == 1
    for here in step.at or ("[*]",):
        arrow = rf"    {re.escape(here)} --> {step.to} : (?:.*, )?{step.action.value}(?:,|$)"
        assert bool(re.search(arrow, PAGE, re.MULTILINE)) is (step.to is not None)


def test_a_row_says_what_the_table_says():
    rows = dict(re.findall(r"(?m)^\| `(\w+)`(.*)$", PAGE))
    assert rows["confirm"] == " | invited → confirmed | citizen |  | in_time | citizen |  |"
    assert "| note, (photos)" in rows["give_info"]
    assert " fires | needs_info → withdrawn | clock |" in rows["lapse_info"]
    assert "| waiting → · | citizen | monday |" in rows["exclude"]


def test_a_case_ends_where_nothing_leads_on():
    ends = set(re.findall(r"^    (\w+) --> \[\*\]$", PAGE, re.MULTILINE))
    assert ends == {Stage.CLOSED, Stage.DECLINED, Stage.WITHDRAWN, OrderStage.DONE, OrderStage.VOID}


def test_the_command_prints_it(capsys):
    assert main(["lifecycle"]) == 0
    assert capsys.readouterr().out == PAGE + "\n"
