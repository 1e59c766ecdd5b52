"""How surely somebody is who she says she is: what a proof leads to, and the card at the door."""
