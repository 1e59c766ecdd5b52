"""An officer serves a citizen who has no internet, while she speaks with him."""
