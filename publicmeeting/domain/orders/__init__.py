"""The mayor's orders: strokes of the pen, due dates, open questions, and what became of each."""
