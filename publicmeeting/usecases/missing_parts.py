"""Whether a fault says that a part of the service is missing for now, whatever was asked of it."""

from redis.exceptions import RedisError

from publicmeeting.media.objects import StorageUnavailable
from publicmeeting.store.database.engine import is_away


def is_part_missing(error: BaseException) -> bool:
    """The database, Redis, or the store of pictures does not answer; no fault of the program."""
    return isinstance(error, RedisError | StorageUnavailable) or is_away(error)
