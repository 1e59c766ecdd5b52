"""The districts of the city: set up, closed for a day, shown on the public board."""
