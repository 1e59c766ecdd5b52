"""The fixed list of subjects and the units that answer."""

import pytest

from publicmeeting.domain.errors import Invalid
from publicmeeting.domain.subjects import SUBJECTS, UNIT_KINDS, subject


def test_codes_are_unique():
    for things in (SUBJECTS, UNIT_KINDS):
        codes = [one.code for one in things]
        assert len(codes) == len(set(codes))


def test_every_subject_names_units_that_exist():
    known = {unit.code for unit in UNIT_KINDS}
    for one in SUBJECTS:
        assert one.unit_codes, one.code
        assert set(one.unit_codes) <= known, one.code


def test_the_list_ends_with_the_subject_for_everything_else():
    assert len(SUBJECTS) == 12
    assert SUBJECTS[-1].code == "other"


def test_help_and_jobs_are_no_subject_of_a_mayor():
    assert subject("green").name == "فضای سبز و درختان"
    with pytest.raises(Invalid, match="subject_unknown"):
        subject("welfare_job")
    with pytest.raises(Invalid, match="subject_missing"):
        subject("")
