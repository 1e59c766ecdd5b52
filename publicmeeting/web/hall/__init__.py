"""Screen of a hall: page, news, voice and their settings; routes.py has the addresses (open it first)."""
