"""Described calls to services outside: the call (`http_call.py`, open it first) and a provider of single sign-on."""
