"""The capsules' pictures, and nothing else of their folders; the dealer's notice; the engraver's face to type in."""

import re
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from pos.catalogue.dealers_notice import notice_of
from pos.cutting.face import FILE
from pos.shop import Shop

_PICTURE = re.compile(r"[a-z0-9][a-z0-9-]*/media/[A-Za-z0-9][A-Za-z0-9._-]*\.webp")
KEPT = "public, max-age=86400, stale-while-revalidate=604800"  # a redrawn picture keeps its name: a day, then ask


def routes(shop: Shop) -> list[BaseRoute]:
    """`/pictures/{capsule}/media/{name}.webp`, `/dealers-notice/{boutique}`, and `/fonts/engraver.ttf`."""

    async def notice(request: Request) -> Response:
        found = await run_in_threadpool(notice_of, shop, boutique_id=request.path_params["boutique_id"])
        file = shop.settings.data_dir / found.file if found else None
        if file is None or not file.is_file():
            raise HTTPException(404)
        return FileResponse(file, headers={"Cache-Control": KEPT})

    return [
        Mount("/pictures", Pictures(directory=shop.settings.data_dir / "capsules", check_dir=False)),
        Route("/dealers-notice/{boutique_id}", notice),
        Route("/fonts/engraver.ttf", _face),
    ]


async def _face(request: Request) -> Response:
    return FileResponse(FILE, media_type="font/ttf", headers={"Cache-Control": KEPT})


class Pictures(StaticFiles):
    """Serves pictures by name, so that no story, price or cost of a capsule can be fetched as a file."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The picture, to be kept by the browser; 404 for everything else."""
        if not _PICTURE.fullmatch(Path(path).as_posix()):
            raise HTTPException(404)
        answer = await super().get_response(path, scope)
        answer.headers["Cache-Control"] = KEPT
        return answer
