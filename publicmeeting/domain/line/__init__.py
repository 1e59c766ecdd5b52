"""The weekly line as read from a request's events: seats and Mondays (`history.py`, open it first), lane requests (`lanes.py`) and contested no-shows (`contests.py`)."""
