"""The picture of a slip: for the tablet it belongs to, and for whoever is unlocked in its boutique."""

from sqlmodel import col, select
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from pos.errors import RecordsTrouble, Unknown, WrongState
from pos.models import Order, Printer, PrintJob, Role
from pos.paper import desk
from pos.people import staff
from pos.people.devices import DeviceView
from pos.shop import Shop
from pos.web.tablets import tablet_of


def routes(shop: Shop) -> list[BaseRoute]:
    """`/slips/{job id}.png`; 404 for anyone it is not for, who does not learn whether it exists."""

    async def slip(request: Request) -> Response:
        try:
            tablet, job_id = await tablet_of(shop, request), request.path_params["job_id"]
            if tablet is None or not await run_in_threadpool(may_see, shop, tablet=tablet, job_id=job_id):
                return PlainTextResponse("There is no such slip.\n", 404)
            drawn = await run_in_threadpool(desk.picture, shop, job_id=job_id)
        except Unknown:
            return PlainTextResponse("There is no such slip.\n", 404)
        except WrongState:
            return PlainTextResponse("This slip cannot be drawn.\n", 404)
        except RecordsTrouble:
            return PlainTextResponse("The shop's records cannot be reached now.\n", 503)
        # The next shopper at this tablet must not find it in the browser.
        return Response(drawn, media_type="image/png", headers={"Cache-Control": "private, no-store"})

    return [Route("/slips/{job_id}.png", slip)]


def may_see(shop: Shop, *, tablet: DeviceView, job_id: str) -> bool:
    """Whether a slip is of this tablet's own sale, or of its boutique while one of its people is at the counter."""
    with shop.read() as look:
        found = look.exec(
            select(Order.device_id, Order.boutique_id, Printer.boutique_id)
            .select_from(PrintJob)
            .join(Order, col(Order.id) == col(PrintJob.order_id), isouter=True)
            .join(Printer, col(Printer.id) == col(PrintJob.printer_id), isouter=True)
            .where(PrintJob.id == job_id)
        ).first()
    if found is None:
        return False
    sold_at, *boutiques = found
    if sold_at == tablet.device_id:
        return True
    person = staff.glance(shop, device_id=tablet.device_id)
    return tablet.boutique_id in boutiques and staff.allowed(person, needed=Role.STAFF)
