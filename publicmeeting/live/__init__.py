"""Publish and subscribe: topics sent after commit, without data, to open pages of all processes; open sockets and their end."""
