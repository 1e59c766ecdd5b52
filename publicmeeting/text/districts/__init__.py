"""Districts: the calendar, the home page and the districts' own texts."""
