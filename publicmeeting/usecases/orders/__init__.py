"""The mayor's promise: written, issued, followed, fulfilled."""
