"""Every small change that can be made to a published draw file or to an entry of the log."""

import copy


def places(value, path=()):
    """Yield every place inside a JSON value, containers included."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        yield (*path, key)
        if isinstance(item, dict | list):
            yield from places(item, (*path, key))


def touched(value, path, change):
    """Return a copy with `change` done to a place, given its container and key."""
    whole = copy.deepcopy(value)
    holder = whole
    for key in path[:-1]:
        holder = holder[key]
    change(holder, path[-1])
    return whole


def another(value):
    """Return another value of the same type, and of the same form if that is easy."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        return value[:-1] + ("0" if value[-1:] != "0" else "1")
    return value[:-1] if isinstance(value, list) else dict(list(value.items())[:-1])


def replace(holder, key):
    holder[key] = another(holder[key])


def remove(holder, key):
    del holder[key]


def double(holder, key):
    if isinstance(holder, list):
        holder.insert(key, holder[key])
    else:
        holder[f"{key}x"] = holder[key]


CHANGES = (replace, remove, double)


def a_lie(rng, value):
    """Return one random change; making all to choose one takes a hundred times as long."""
    spots = list(places(value))
    while True:
        path, change = rng.choice(spots), rng.choice(CHANGES)
        lie = touched(value, path, change)
        if lie != value:
            return (change.__name__, *path), lie


def lies(value):
    """Yield every change of every place: how it was made, and the result."""
    for path in places(value):
        for change in CHANGES:
            lie = touched(value, path, change)
            if lie != value:
                yield (change.__name__, *path), lie
