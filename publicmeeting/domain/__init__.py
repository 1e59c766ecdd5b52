"""The city's rules, pure: lifecycle (the tables), timeline, access, calendar, people, districts, orders, errors."""
