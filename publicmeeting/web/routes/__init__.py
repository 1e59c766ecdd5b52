"""Addresses that are not pages: sign-in (open it first), drafts, uploads, pictures, papers, the log, health."""
