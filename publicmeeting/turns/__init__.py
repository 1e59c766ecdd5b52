"""The weekly line, pure: rule, draw file, Merkle root, log entry, verification."""
