"""The commands: run, test, build, seed, migrate, doctor, admin, lifecycle, backup, rekey, bench."""
