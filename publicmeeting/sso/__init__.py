"""Single sign-on at external providers: where to send a browser, and what its answer proves."""
