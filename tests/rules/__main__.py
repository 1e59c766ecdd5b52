"""`python -m tests.rules`: print every place that breaks a rule; `--list` prints the rules."""

import gc
import sys

from . import decisions, files, looks, pins, texts, unused
from .sources import RULES, Project

# Importing a module registers its rules.
MODULES = (files, decisions, unused, texts, looks, pins)


def main(words: list[str]) -> int:
    """Print the findings and return the exit code: 1 if anything breaks a rule."""
    if words == ["--list"]:
        print("\n".join(f"{one.name}: {one.meaning}" for one in RULES.values()))
        return 0
    # Syntax trees are many small objects that all stay; collecting garbage would cost half of all.
    gc.disable()
    project, broken = Project.of(), 0
    for rule in RULES.values():
        for found in rule.find(project):
            print(f"{found.path}:{found.line}: {rule.name}: {found.sentence}")
            broken += 1
    print(f"{len(RULES)} rules, {broken} places that break one")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
