"""What pages of several roles share: calls of use cases (act.py, open it first), live pages (live.py), navigation, the connection to the server, parts."""
