"""Officials (`/city/people/`): their roles with dates, and their links for signing in; state.py (events), views.py, page.py (list), official.py."""
