"""The citizen's inbox."""

from support.line import Line

from publicmeeting.domain.stages import Action
from publicmeeting.notify.words import in_words
from publicmeeting.usecases.accounts import Nothing
from publicmeeting.usecases.notices import my_notices, see_notices


def test_she_finds_what_she_was_told_and_nobody_elses(line: Line) -> None:
    mine, other = line.file(2)
    look = line.city.office.look_as
    letters = look(mine.actor, my_notices, Nothing())
    assert [one.about.action for one in letters] == [Action.ACCEPT, Action.SUBMIT]
    assert {one.about.code for one in letters} == {mine.code}
    assert {one.seen for one in letters} == {False}
    assert "منطقهٔ ۶" in in_words(letters[0].about).text
    line.city.office.perform_as(mine.actor, see_notices, Nothing())
    assert {one.seen for one in look(mine.actor, my_notices, Nothing())} == {True}
    assert {one.seen for one in look(other.actor, my_notices, Nothing())} == {False}
