"""A letter as the message that is sent (MIME, RFC 2045): plain words, HTML with pictures, a file for the calendar."""

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Any

from pos.errors import AddressWrong
from pos.models import Letter
from pos.paper import slips
from pos.paper.appointment import MEDIA_TYPE, appointment
from pos.paper.html import Mailed, mailed
from pos.paper.offer_letter import offer_letter
from pos.paper.slips.facts import Language, PickupFacts, read
from pos.paper.slips.parts import words_of
from pos.settings import Settings

NOBODY = "Vitrine <vitrine@localhost>"  # whom a letter comes from that is only written to a file
LONGEST = 254  # RFC 5321 §4.5.3.1.3, less the brackets
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
_say = words_of("letters")


def checked(typed: str) -> str:
    """An address as it is written down: the domain in small letters and in ASCII (IDNA). Raises AddressWrong."""
    local, at, domain = typed.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise AddressWrong(typed[:80]) from None
    if not at or len(local) > 64 or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise AddressWrong(typed[:80])
    if len(local) + len(domain) + 1 > LONGEST:
        raise AddressWrong(typed[:80])
    return f"{local}@{domain}"


def message(settings: Settings, letter: Letter) -> EmailMessage:
    """The message of a letter, the same to the byte each time but for the MIME boundaries.

    Raises ValueError where this version cannot set what it says.
    """
    language = slips.tongue(letter.language)
    booked = read(PickupFacts, letter.facts["pickup"]) if letter.facts.get("pickup") else None
    made = _offered(letter, language) if letter.about == "offer" else _sold(letter, language, calendar=bool(booked))
    sent = EmailMessage(policy=SMTP)
    sender = parseaddr(settings.mail_from or NOBODY)
    sent["From"] = Address(display_name=sender[0], addr_spec=sender[1])
    sent["To"] = Address(addr_spec=letter.address)
    sent["Subject"] = _say(language, letter.about, subject=letter.subject)
    sent["Date"] = format_datetime(letter.queued_at)
    sent["Message-ID"] = letter.message_id
    sent["Auto-Submitted"] = "auto-generated"  # RFC 3834: no machine answers it
    _fill(sent, made)
    if booked is not None:
        _attach(sent, booked, name=_say(language, "file"), settings=settings, language=language, at=letter.queued_at)
    sent["Content-Language"] = language  # last: a message that gets parts gives such words to the first of them
    return sent


def _sold(letter: Letter, language: Language, *, calendar: bool) -> Mailed:
    document = slips.document(letter.facts["slip"], facts=letter.facts["facts"], language=language)
    above = [_say(language, f"{letter.about}_line", subject=letter.subject)]
    above += [_say(language, "calendar")] if calendar else []
    return mailed(document, above=[*above, _say(language, "why")])


def _offered(letter: Letter, language: Language) -> Mailed:
    return mailed(offer_letter(letter.facts, language=language), above=[_say(language, "offer_why")])


def _fill(sent: EmailMessage, made: Mailed) -> None:
    sent.set_content(made.text)
    sent.add_alternative(made.html, subtype="html")
    page: Any = sent.get_payload()[1]  # type: ignore[index]
    for picture in made.pictures:
        page.add_related(
            picture.png, "image", "png", cid=f"<{picture.cid}>", filename=f"{picture.cid}.png", disposition="inline"
        )


def _attach(
    sent: EmailMessage, booked: PickupFacts, *, name: str, settings: Settings, language: Language, at: datetime
) -> None:
    file = appointment(booked, language=language, host=settings.public_url.host or "localhost", at=at)
    main, sub = MEDIA_TYPE.split("/")
    sent.add_attachment(file, main, sub, filename=name, params={"method": "PUBLISH", "charset": "utf-8"})
