"""`/city/people/`: officials, who has which role until when, and the links by which they come in."""
