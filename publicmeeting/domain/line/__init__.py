"""The weekly line as read from a request's events: seats and Mondays (`history.py`, open it first), lane requests and contested no-shows (`lanes.py`)."""
