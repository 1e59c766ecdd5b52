"""`/district/`: a district's own texts, which one official proposes and another puts in force; state.py, page.py."""
