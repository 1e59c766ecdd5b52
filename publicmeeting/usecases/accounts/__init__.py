"""Identity and access: signing in, sessions, officials' accounts; start at `signing_in/`."""
