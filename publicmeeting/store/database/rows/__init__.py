"""The tables, one module a family; only `store` reads them."""
