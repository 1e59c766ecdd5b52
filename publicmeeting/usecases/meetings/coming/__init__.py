"""Before her day: what she is asked and answers, and what is put ready for her."""
