"""Where Stripe's page sends whoever opened a pay link: it is paid, or it may wait. Neither says whose it was."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from pos.shop import Shop
from pos.web.sheets import language_of, sentence
from pos.words import part_of

WORDS = part_of("web", "pay_links")


def routes(shop: Shop) -> list[BaseRoute]:
    """`/link-paid` and `/link-later`."""

    def told(which: str) -> Route:
        async def page(request: Request) -> Response:
            language = language_of(request)
            words, house = WORDS[language], shop.settings.house_name
            return sentence(words[which], title=words[f"{which}_title"], language=language, status=200, house=house)

        return Route(f"/link-{which}", page)

    return [told("paid"), told("later")]
