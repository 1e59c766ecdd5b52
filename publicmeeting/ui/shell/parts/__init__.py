"""Parts that pages of several roles share: a case's road (road.py), an order, the answer to an objection, the rules of the line, a Monday's list."""
