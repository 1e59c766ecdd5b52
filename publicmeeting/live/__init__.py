"""The bell: topics rung after commit and awaited by open pages; carries no data."""
