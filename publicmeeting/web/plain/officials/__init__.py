"""Pages for officials without scripts: their account (`account.py`, open it first), passkeys, second step, invitations and imports."""
