"""Pictures from outside: what a file is, how it is read, and what is made of it before it is stored."""
