"""What is filed: drafts, pictures, places."""
