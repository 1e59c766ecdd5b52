"""What each kind of entry of the log may do to the line, by subject: draws, Mondays, seats (`seats.py`, open it first), tickets, rules and their undoing."""
