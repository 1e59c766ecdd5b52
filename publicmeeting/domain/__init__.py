"""The city's rules, pure: lifecycle (the tables), line, orders, timeline, calendar, people, districts, errors."""
