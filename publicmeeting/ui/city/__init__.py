"""Pages of the city's administrators and its overseer: people/ (officials), promises/ (overseer), rules.py, calendar.py, value.py, audit.py, security.py."""
