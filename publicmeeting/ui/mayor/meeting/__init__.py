"""One visitor at the mayor's table, and the order sheet: state.py (events), views.py, draft.py (the sheet), page.py and sheet.py."""
