"""Who somebody is: levels of identity, and what a desk does with a card in hand."""
