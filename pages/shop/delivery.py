"""How a piece comes to whom it belongs to, where and when, and how it may come back."""

from datetime import time

from kiosk import basket_bar, draw, measuring, session, theme
from kiosk.words import Words
from pos.catalogue.houses import WEEK, HouseView, houses
from pos.models import Role

here = session.require(Role.SHOPPER)
say = here.say


def where(house: HouseView, say: Words) -> None:
    with draw.together():
        draw.heading(house.name)
        draw.quiet(", ".join(house.address), *([house.phone] if house.phone else []))
        rows = []
        for day, name in zip(WEEK, say.week(), strict=True):
            hours = house.hours.get(day)
            words = " – ".join(say.hour(time.fromisoformat(at)) for at in hours) if hours else say("delivery.closed")
            rows.append((name.capitalize(), words))
        measuring.table("delivery.hours_of", rows, say, name=house.name)
        draw.quiet(say.counted("delivery.ahead", house.pickup_days))


with theme.page("delivery"), draw.laid("delivery", "vt-block"):
    with draw.together("vt-body vt-column"):
        basket_bar.tongue(here)
        with draw.together():
            draw.title(say("delivery.title"))
            draw.lead(say("delivery.lead"))
        with draw.together("vt-pair"):
            with draw.together():
                draw.heading(say("delivery.collect"), level=2)
                draw.text(*say.many("delivery.collect_lines"))
            with draw.together():
                draw.heading(say("delivery.back_home"), level=2)
                draw.text(*say.many("basket.terms_text")[1:3])
        draw.heading(say("delivery.where"), level=2)
        with draw.together("vt-pair"):
            for house in houses(here.shop, first=here.device.boutique_id):
                where(house, say)
        with draw.together("vt-note"):
            draw.heading(say("delivery.law"), level=2)
            draw.text(*say.many("delivery.law_lines"))
    basket_bar.only_back(here)
