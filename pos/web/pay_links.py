"""Where Stripe's page sends whoever opened a pay link: it is paid, or it may wait. Neither says whose it was."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from pos.shop import Shop
from pos.web.sheets import language_of, sentence

WORDS = {
    "en": {
        "paid": ("Thank you", "Your card said yes. The receipt waits for you at the counter, with your piece."),
        "later": (
            "Not yet paid",
            "Nothing was taken. The link stays good for 24 hours; you may also pay when you collect.",
        ),
    },
    "fr": {
        "paid": ("Merci", "Votre carte a dit oui. Le reçu vous attend au comptoir, avec votre pièce."),
        "later": (
            "Pas encore payé",
            "Rien n’a été pris. Le lien reste valable 24 heures ; vous pouvez aussi payer au retrait.",
        ),
    },
}


def routes(shop: Shop) -> list[BaseRoute]:
    """`/link-paid` and `/link-later`."""

    def told(which: str) -> Route:
        async def page(request: Request) -> Response:
            language = language_of(request)
            title, words = WORDS[language][which]
            house = shop.settings.house_name
            return sentence(words, title=title, language=language, status=200, house=house)

        return Route(f"/link-{which}", page)

    return [told("paid"), told("later")]
