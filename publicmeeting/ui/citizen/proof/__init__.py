"""The private sheet that binds a ticket to a person."""
