"""The rules of the line, those in force and those to come."""
