"""How many an office has received outside the line: asked of reception and of the mayor alike."""
