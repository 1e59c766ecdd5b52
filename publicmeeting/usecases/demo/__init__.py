"""Only in the demo city: signing in as somebody who lives there, and what stands in for others."""
