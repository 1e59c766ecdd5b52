"""Whether an exception means that a part of the service is out of reach for now."""

from redis.exceptions import RedisError

from publicmeeting.media.objects import StorageUnavailable
from publicmeeting.store.database.engine import is_unreachable


def is_part_missing(error: BaseException) -> bool:
    """Whether the database, Redis or the store of pictures does not answer: no bug of the
    program."""
    return isinstance(error, RedisError | StorageUnavailable) or is_unreachable(error)
