"""Coming in: the code by SMS, a password, single sign-on, and what limits tries."""
