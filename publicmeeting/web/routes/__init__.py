"""Addresses that are no pages: sign-in, drafts, uploads, pictures, papers, the log, health."""
