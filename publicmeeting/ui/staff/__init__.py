"""Pages of desk, reception and unit officers: desk/ (inbox), monday/ (reception), unit/ (orders), assist/ (filing for a caller)."""
