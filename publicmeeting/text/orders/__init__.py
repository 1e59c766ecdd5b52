"""Orders, their sheets, and how the city keeps its promises."""
