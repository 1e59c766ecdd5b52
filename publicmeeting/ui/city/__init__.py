"""What the city overseer and administrators see."""
