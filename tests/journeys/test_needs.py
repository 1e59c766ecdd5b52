"""A citizen with special needs files them, and everybody who prepares the day reads them."""

from filing_steps import (
    chooses_district,
    confirms_mobile,
    fill_in_herself,
    fill_in_matter,
    leaves_matter,
    presses_file,
)
from person import Meet
from support.citizens import someone

from publicmeeting.domain.choices import AccessNeed
from publicmeeting.text.filing import filing_text
from publicmeeting.text.lifecycle.needs_text import ACCESS_NEED

DISTRICT = 12
TICKED = (AccessNeed.STEP_FREE, AccessNeed.COMPANION)


def test_two_needs_are_read_on_the_review_and_at_the_desk(meet: Meet) -> None:
    who, maryam = someone(70_311), meet("maryam")
    maryam.goes("/request/")
    chooses_district(maryam, DISTRICT)
    fill_in_matter(maryam)
    leaves_matter(maryam)
    confirms_mobile(maryam, who)
    for need in TICKED:
        maryam.page.get_by_text(filing_text.NEED[need.value], exact=True).click()
    fill_in_herself(maryam, who)
    maryam.sees("، ".join(filing_text.NEED[need.value] for need in TICKED))
    maryam.shot("needs")
    code = presses_file(maryam)
    desk = meet("desk", "desk")
    desk.has_come_in_as(f"desk{DISTRICT}")
    desk.goes(f"/desk/?case={code}")
    for need in TICKED:
        desk.sees(ACCESS_NEED[need])
    desk.shot("needs")
