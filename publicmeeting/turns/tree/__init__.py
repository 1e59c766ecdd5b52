"""The log as a signed Merkle tree, in the files of C2SP: the tree (`merkle.py`, open it first), tiles, notes, checkpoints and receipts."""
