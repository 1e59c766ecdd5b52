"""Routes for other programs: the public log (`public_log.py`, open it first), words of witnesses, health, the SMS gateway and standard files."""
