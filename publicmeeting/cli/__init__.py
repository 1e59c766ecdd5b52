"""The commands: run, test, build, seed, migrate, doctor, admin, lifecycle, draw, verify, bench."""
