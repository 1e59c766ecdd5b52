"""Who somebody is: signing in, sessions, accounts of officials."""
