"""Private pictures: the session is checked on every request, and all refusals look the same."""

import anyio
import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publicmeeting.domain.errors import Denied
from publicmeeting.media.intake.sniff import kind_of
from publicmeeting.usecases.filing.pictures import OnePhoto, see_photo
from publicmeeting.web import browser
from publicmeeting.web.plain.page import not_found

PRIVATE = {
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    # Opened directly, a picture cannot run anything.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
}


NO_TAKES = 0.05
"""Duration of a refusal, in seconds, the same for missing pictures and for those of others.

The database alone takes slightly longer for one of them.
"""


async def whole(request: Request) -> Response:
    return await _picture(request, thumb=False)


async def thumb(request: Request) -> Response:
    return await _picture(request, thumb=True)


async def _picture(request: Request, *, thumb: bool) -> Response:
    asked_at = anyio.current_time()
    application = browser.application(request)
    command = OnePhoto(id=request.path_params["id"])
    try:
        image = await browser.query(request, see_photo, command)
        name = image.thumb if thumb else image.web
        data = await anyio.to_thread.run_sync(application.images.get, name)
    except (Denied, KeyError):
        await anyio.sleep_until(asked_at + NO_TAKES)
        return await no_picture(request)
    return Response(data, media_type=f"image/{kind_of(data)}", headers=PRIVATE)


async def no_picture(request: Request) -> Response:
    return not_found(request, PRIVATE)


def routes() -> list[Route]:
    return [
        Route("/images/{id}", whole),
        Route("/images/{id}/thumb", thumb),
        Route("/images/{other:path}", no_picture),
    ]
