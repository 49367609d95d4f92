"""A pickup for the shopper's calendar (iCalendar, RFC 5545)."""

from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event

from pos.paper.slips.facts import Language, PickupFacts
from pos.paper.slips.parts import words_of
from pos.paper.slips.words import say

MEDIA_TYPE = "text/calendar"
REMIND = timedelta(hours=2)  # before it begins

_say = words_of("appointment")


def appointment(booked: PickupFacts, *, language: Language, host: str, at: datetime) -> bytes:
    """The appointment as a file. The same pickup has the same UID: a second mail changes the entry, it adds none.

    host is the house's own name on the net; at is when this is written.
    """
    event = Event()
    event.add("uid", f"pickup-{booked.order_no}@{host}")
    event.add("dtstamp", at)
    event.add("dtstart", booked.starts_at)
    event.add("dtend", booked.ends_at)
    event.add("summary", _say(language, "summary", name=booked.supplier.name))
    event.add("location", ", ".join((booked.supplier.name, *booked.supplier.address)))
    words = (_say(language, "code", code=booked.code), _say(language, "order", order=booked.order_no), *booked.pieces)
    event.add("description", "\n".join((*words, say(language, "bring"))))
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -REMIND)
    alarm.add("description", _say(language, "summary", name=booked.supplier.name))
    event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", "-//Vitrine//Pickup//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written
