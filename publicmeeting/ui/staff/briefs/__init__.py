"""What a unit writes before the coming meetings, and one of their matters without a name."""
