"""Starlette routes and ASGI layers: sign-in, uploads, plain pages, health; open app.py first."""
