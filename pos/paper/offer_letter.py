"""The letter to somebody who waited for a piece: it is kept for them, until when, and how they take it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pos.paper.document import QR, Align, Document, Heading, Rule, Size, Space, Text, Weight
from pos.paper.slips.facts import Language
from pos.paper.slips.parts import words_of
from pos.paper.slips.words import moment

_say = words_of("offer_letter")


def offer_letter(facts: Mapping[str, Any], *, language: Language) -> Document:
    """facts as `offers` wrote them down with the offer."""
    until = moment(datetime.fromisoformat(facts["until"]), facts["zone"], language)
    greeting = _say(language, "hello", name=facts["name"]) if facts["name"] else _say(language, "nobody")
    place = [line for line in (*facts["boutique"], facts["phone"]) if line]
    return Document(
        title=facts["piece"],
        language=language,
        blocks=(
            Text(text=greeting),
            Text(text=_say(language, "yours", piece=facts["piece"], number=facts["number"])),
            Space(mm=2),
            Heading(text=_say(language, "until", moment=until), level=2),
            QR(payload=facts["code"]),
            Text(text=facts["code"], align=Align.CENTRE, size=Size.LARGE),
            Text(text=_say(language, "how")),
            Rule(),
            *(Text(text=line, weight=Weight.BOLD if i == 0 else Weight.REGULAR) for i, line in enumerate(place)),
            Rule(),
            Text(text=_say(language, "then"), size=Size.SMALL),
        ),
    )
