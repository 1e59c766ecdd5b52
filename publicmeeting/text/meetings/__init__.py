"""The Monday: agenda, hall, reception, the mayor's meeting, with and without network."""
