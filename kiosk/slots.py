"""When it is collected: where, which of the coming days, which half hour. The choice is in the basket, not here.

What is booked is what is chosen on the screen: another place or another day, or a time touched off, undoes the choice.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

import streamlit as st

from kiosk import draw, notices, state
from kiosk.session import Here
from kiosk.words import Words
from pos.catalogue import showcase
from pos.catalogue.views import PlaceView
from pos.selling import basket, pickup
from pos.selling.views import BasketView, SlotView

DAYS_SHOWN = 6


Places = tuple[PlaceView, ...]


def places(here: Here, *, capsules: Iterable[str]) -> Places:
    """Where pieces of these capsules may be collected, this boutique first."""
    return showcase.places(here.shop, capsule_ids=capsules, boutique_id=here.device.boutique_id)


def chosen(held: BasketView, places: Places, say: Words) -> str:
    """The pickup as chosen, in words, by the clock of its boutique; empty while there is none in these places."""
    there = next((place for place in places if place.boutique_id == held.pickup_boutique_id), None)
    if there is None or held.pickup_start is None:
        return ""
    day, time = say.local_day(held.pickup_start, zone=there.zone), say.clock(held.pickup_start, zone=there.zone)
    if len(places) == 1:
        return say("basket.pickup_chosen", day=day, time=time)
    return say("basket.pickup_chosen_at", boutique=there.name, day=day, time=time)


def choose(here: Here, held: BasketView, places: Places) -> None:
    """The half hours that have room, day by day, from the first day on which all of it is ready."""
    say = here.say
    with st.container(gap="small"):
        st.subheader(say("basket.pickup"), anchor=False)
        place = _place(here, places, held)
        draw.quiet(say("basket.pickup_line", boutique=place.name))
        by_day = _by_day(
            pickup.slots(here.shop, boutique_id=place.boutique_id, not_before=held.ready_on), zone=place.zone
        )
        if not by_day:
            draw.lead(say("basket.pickup_none"))
            return
        day = _day(here, by_day, held, place)
        _time(here, by_day[day], held, place)


def _place(here: Here, places: Places, held: BasketView) -> PlaceView:
    by_id = {place.boutique_id: place for place in places}
    first = held.pickup_boutique_id if held.pickup_boutique_id in by_id else places[0].boutique_id
    if len(places) > 1:
        first = st.segmented_control(
            here.say("basket.pickup_where"),
            list(by_id),
            format_func=lambda one: by_id[one].name,
            default=first,
            required=True,
            key="pickup_where",
            on_change=lambda: _forget(here),
        )
    return by_id[first]


def _day(here: Here, by_day: dict[date, list[SlotView]], held: BasketView, place: PlaceView) -> date:
    say = here.say
    days = {day.isoformat(): day for day in list(by_day)[:DAYS_SHOWN]}
    booked = _local(held, place)
    key = f"pickup_day_{place.boutique_id}"
    if state.get(key) not in days:
        state.take(key)
    day = st.pills(
        say("basket.pickup_day"),
        list(days),
        format_func=lambda day: f"{say.weekday(days[day], short=True)} {say.on(days[day], short=True)}",
        default=booked if booked in days else next(iter(days)),
        required=True,
        key=key,
        on_change=lambda: _forget(here),
    )
    return days[str(day)]


def _time(here: Here, slots: list[SlotView], held: BasketView, place: PlaceView) -> None:
    by_start = {slot.start.isoformat(): slot for slot in slots}
    booked = held.pickup_start.isoformat() if held.pickup_start else None
    key = f"pickup_time_{place.boutique_id}_{slots[0].start.date()}"
    st.pills(
        here.say("basket.pickup_time"),
        list(by_start),
        format_func=lambda start: here.say.clock(by_start[start].start, zone=place.zone),
        default=booked if booked in by_start else None,
        key=key,
        on_change=lambda: _book(here, by_start.get(state.get(key) or ""), place),
    )


def _book(here: Here, slot: SlotView | None, place: PlaceView) -> None:
    if slot is None:
        _forget(here)
        return
    with notices.on_screen():
        basket.choose_pickup(here.shop, basket_id=here.basket_id(), boutique_id=place.boutique_id, start=slot.start)


def _forget(here: Here) -> None:
    with notices.on_screen():
        basket.forget_way_home(here.shop, basket_id=here.basket_id())


def _by_day(slots: list[SlotView], *, zone: str) -> dict[date, list[SlotView]]:
    days: dict[date, list[SlotView]] = defaultdict(list)
    for slot in slots:
        days[slot.start.astimezone(ZoneInfo(zone)).date()].append(slot)
    return dict(days)


def _local(held: BasketView, place: PlaceView) -> str:
    if held.pickup_start is None:
        return ""
    return held.pickup_start.astimezone(ZoneInfo(place.zone)).date().isoformat()
