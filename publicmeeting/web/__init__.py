"""Starlette routes: sign-in, uploads, private images, drafts, health; thin."""
