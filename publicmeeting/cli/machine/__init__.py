"""What commands need of the machine: bun, locks, stamps, Chromium, Debian's packages, processes."""
