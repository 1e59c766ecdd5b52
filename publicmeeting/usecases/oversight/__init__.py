"""The city's eye: what climbed, figures, whether the books agree."""
