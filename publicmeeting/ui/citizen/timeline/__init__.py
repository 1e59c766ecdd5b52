"""The live page of one request and everything its citizen can do there: views.py (content), state.py (events), page.py."""
