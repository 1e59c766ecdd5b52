"""What every start does to the database, as a process of its own beside the build.

Brings the tables up to date; a demo whose database is empty gets its pretend city.
"""

import sys

from publicmeeting.config import Settings, settings


def prepare(settings: Settings) -> None:
    from publicmeeting.store.migrate import upgrade

    upgrade(settings)
    if settings.is_demo:
        from publicmeeting import samples

        samples.fill_if_empty(settings, say)


def say(progress: str) -> None:
    print(f"  city: {progress}", flush=True)


if __name__ == "__main__":
    prepare(settings())
    sys.exit()
