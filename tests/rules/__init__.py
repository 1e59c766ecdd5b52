"""What holds for every file of the project, found by reading each of them once."""
