"""Infrastructure of all repositories: transactions (`transaction.py`, open it first), engines, migrations, sealing (`vault.py`), locks and the rows."""
