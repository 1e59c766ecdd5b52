"""What the mayor sees on the tablet: agenda, meeting, orders."""
