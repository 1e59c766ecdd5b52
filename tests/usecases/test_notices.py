"""What she was told, on her own page."""

from support.line import Citizen, Line

from publicmeeting.domain.stages import Action
from publicmeeting.notify.words import in_words
from publicmeeting.usecases.accounts import Nothing
from publicmeeting.usecases.my_page import MyNotice, my_page, read_notices


def notices(line: Line, citizen: Citizen) -> tuple[MyNotice, ...]:
    return line.city.office.look_as(citizen.actor, my_page, Nothing()).notices


def test_she_finds_what_she_was_told_and_nobody_elses(line: Line) -> None:
    mine, other = line.file(2)
    told = notices(line, mine)
    assert [one.about.action for one in told] == [Action.ACCEPT, Action.SUBMIT]
    assert {one.about.code for one in told} == {mine.code}
    assert {one.is_new for one in told} == {True}
    assert "منطقهٔ ۶" in in_words(told[0].about).text
    line.city.office.perform_as(mine.actor, read_notices, Nothing())
    assert {one.is_new for one in notices(line, mine)} == {False}
    assert {one.is_new for one in notices(line, other)} == {True}
