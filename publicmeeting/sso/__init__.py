"""Single sign-on at providers outside: where to send a browser, and what its answer proves."""
