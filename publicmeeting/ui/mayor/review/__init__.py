"""The promises of the last weeks, looked at before new ones are given."""
