"""What tests share: a clock, databases, a small city, and people who walk through the table."""
