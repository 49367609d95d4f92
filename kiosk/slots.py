"""When it is collected: where, which of the coming days, which half hour. The choice is in the basket, not here.

What is booked is what is chosen on the screen: another place or another day, or a time touched off, undoes the choice.
"""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from kiosk import ask, draw, notices, state
from kiosk.session import Here
from kiosk.words import Words
from pos.catalogue import showcase
from pos.catalogue.views import PlaceView
from pos.selling import basket, pickup
from pos.selling.pickup import DayView
from pos.selling.views import BasketView, SlotView

WEEK = 7  # days in a row
FIRST = 2 * WEEK  # days that are shown before more are asked for
WHERE = "pickup_where"

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
    pieces = len(held.lines) + len(held.lapsed)
    with draw.laid("calendar", "vt-together"):
        draw.heading(say.counted("basket.pickup", pieces), level=2)
        place = _place(here, places, held)
        coming = pickup.days(here.shop, boutique_id=place.boutique_id, not_before=held.ready_on)
        day = _shown(coming, held, place)
        draw.quiet(say.counted("basket.pickup_line", pieces, boutique=place.name))
        _weeks(here, coming, day, place)
        if day is None:
            draw.lead(say("basket.pickup_none"))
            return
        if not any(one.slots for one in coming[:WEEK]):
            draw.quiet(say("basket.pickup_week_none", day=say.day(day.day)))
        draw.quiet(say.day(day.day))
        _time(here, list(day.slots), held, place)


def _place(here: Here, places: Places, held: BasketView) -> PlaceView:
    by_id = {place.boutique_id: place for place in places}
    booked = held.pickup_boutique_id
    now: str = next(one for one in (state.get(WHERE), booked, places[0].boutique_id) if one in by_id)
    if len(places) > 1:
        words = here.say("basket.pickup_where")
        ask.choice(
            words, {one: by_id[one].name for one in by_id}, now=now, key=WHERE, act=lambda: _elsewhere(here, now)
        )
    return by_id[now]


def _elsewhere(here: Here, before: str) -> None:
    if state.get(WHERE) != before:
        _forget(here)


def _shown(coming: list[DayView], held: BasketView, place: PlaceView) -> DayView | None:
    """The day whose half hours are shown: the one touched, else the one booked, else the first that has room."""
    free = {one.day.isoformat(): one for one in coming if one.slots}
    wanted = (str(state.get(_key(place))), _local(held, place), next(iter(free), ""))
    return next((free[iso] for iso in wanted if iso in free), None)


def _weeks(here: Here, coming: list[DayView], shown: DayView | None, place: PlaceView) -> None:
    """Two weeks, and the others once they are asked for, or where the day that is shown lies in them."""
    say = here.say
    more = state.get("pickup_more") or (shown is not None and shown in coming[FIRST:])
    seen = coming if more else coming[:FIRST]
    draw.quiet(f"{say.on(seen[0].day)} – {say.on(seen[-1].day)}")
    _calendar(here, seen, shown, place)
    if len(seen) < len(coming):
        draw.button(say("basket.pickup_more"), key="link_pickup_more", act=state.put, args=("pickup_more", True))


def _calendar(here: Here, coming: list[DayView], shown: DayView | None, place: PlaceView) -> None:
    """A tile for each of the coming days, a week in a row; one that is closed or full says so, and rests.

    From the next month on a tile says its month: the fourth may be any.
    """
    say = here.say
    with draw.together("vt-calendar"):
        for one in coming:
            iso = one.day.isoformat()
            stands = "chosen" if one is shown else "free" if one.slots else "closed" if one.is_closed else "full"
            weekday, word = say.weekday(one.day, short=True), say(f"basket.day_{stands}")
            month = "" if one.day.month == coming[0].day.month else say.month(one.day)
            above = f"<span>{draw.safe(month)}</span>" if month else ""
            draw.button(
                " ".join(part for part in (weekday, str(one.day.day), month, word) if part),
                key=f"day_{place.boutique_id}_{iso}",
                act=_touch,
                args=(here, iso, place, one is shown),
                css="vt-day on" if one is shown else "vt-day",
                markup=f"{draw.safe(weekday)}{above}<b>{one.day.day}</b><i>{draw.safe(word)}</i>",
                rests=not one.slots,
                on=one is shown,
            )


def _touch(here: Here, iso: str, place: PlaceView, is_shown: bool) -> None:
    """This day is shown; what was chosen on another before is not booked any more."""
    state.put(_key(place), iso)
    if not is_shown:
        _forget_time(here, place)


def _key(place: PlaceView) -> str:
    return f"pickup_day_{place.boutique_id}"


def _time(here: Here, slots: list[SlotView], held: BasketView, place: PlaceView) -> None:
    by_start = {slot.start.isoformat(): slot for slot in slots}
    booked = held.pickup_start.isoformat() if held.pickup_start else None
    key = f"pickup_time_{place.boutique_id}_{slots[0].start.date()}"
    ask.choice(
        here.say("basket.pickup_time"),
        {start: here.say.clock(slot.start, zone=place.zone) for start, slot in by_start.items()},
        now=booked if booked in by_start else None,
        key=key,
        act=lambda: _book(here, by_start.get(state.get(key) or ""), place),
        required=False,
    )


def _book(here: Here, slot: SlotView | None, place: PlaceView) -> None:
    if slot is None:
        _forget_time(here, place)
        return
    with notices.on_screen():
        basket.choose_pickup(here.shop, basket_id=here.basket_id(), boutique_id=place.boutique_id, start=slot.start)


def _forget_time(here: Here, place: PlaceView) -> None:
    """Another time, in the same place: once nothing is booked, only the screen knows which that was."""
    state.put(WHERE, place.boutique_id)
    _forget(here)


def _forget(here: Here) -> None:
    with notices.on_screen():
        basket.forget_way_home(here.shop, basket_id=here.basket_id())


def _local(held: BasketView, place: PlaceView) -> str:
    if held.pickup_start is None:
        return ""
    return held.pickup_start.astimezone(ZoneInfo(place.zone)).date().isoformat()
