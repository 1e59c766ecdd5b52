"""The running process: its processor and garbage collector (`interpreter.py`, open it first), its metrics, the press it works for, and files that only its user reads."""
