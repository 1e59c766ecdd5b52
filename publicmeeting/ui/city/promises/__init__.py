"""What waits for the overseer of the city, and the districts' promises in numbers."""
