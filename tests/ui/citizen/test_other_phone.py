"""A telephone that is not hers, and a number that is hers no more: what each page says of them."""

import json

from support.each import for_each
from support.pages import drawn

from publicmeeting.text.common import chrome_text
from publicmeeting.text.tracking import my_page_text

LEAVES = "/auth/leave"


def is_on(path: str, words: str) -> bool:
    return json.dumps(words)[1:-1] in drawn()[path].replace("\\\\", "\\")


@for_each(("/enter", "/mine", "/receipt/[code]"))
def test_a_borrowed_telephone_is_left_where_she_has_just_signed_in_or_filed(path: str) -> None:
    assert LEAVES in drawn()[path]
    assert is_on(path, my_page_text.NOT_YOUR_PHONE)


@for_each(("/enter", "/mine", "/track"))
def test_whoever_has_another_number_now_reads_who_leads_her_back(path: str) -> None:
    assert is_on(path, chrome_text.NUMBER_CHANGED)
    assert is_on(path, chrome_text.TO_ANY_DESK)
