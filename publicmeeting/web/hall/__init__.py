"""The screen of a hall: one page for a television, its news, its voice, and who sets it up."""
