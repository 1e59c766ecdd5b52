"""Orders and their papers, as rows."""
