"""Components and their view models, without state: start with `flow.py` (drawing plain data or vars), `models.py` and `frames.py`."""
