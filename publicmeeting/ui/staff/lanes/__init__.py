"""Documents of those who ask for a lane, judged without knowing whose they are."""
