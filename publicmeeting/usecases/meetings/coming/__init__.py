"""What a citizen is asked and answers for her own day."""
