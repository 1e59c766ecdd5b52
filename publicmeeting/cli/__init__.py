"""The commands: run, test, seed, migrate, doctor, admin, lifecycle, bench."""
