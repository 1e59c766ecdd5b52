"""Who somebody is, as rows."""
