"""Letters as a reader sees them, and those that are no letters at all: controls, bidi marks, emoji."""

import unicodedata

JOINER, SELECTORS = "\u200d", ("\ufe00", "\ufe0f")
SKIN = ("\U0001f3fb", "\U0001f3ff")
FLAGS = ("\U0001f1e6", "\U0001f1ff")
# Marks that turn the direction of writing: they can make words read otherwise than they are stored (Unicode UAX #9).
BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
EMOJI = ((0x1F000, 0x1FAFF), (0x2600, 0x27BF), (0x2B00, 0x2BFF), (0xE0000, 0xE007F))
EMOJI_ALONE = frozenset("\u20e3\u3030\u303d\u3297\u3299\u231a\u231b\u23e9\u23f0\u23f3")


def clusters(text: str) -> list[str]:
    """The text cut where a reader sees one letter end and the next begin (the part of UAX #29 that can occur here)."""
    found: list[str] = []
    for char in text:
        if found and _joins(found[-1], char):
            found[-1] += char
        else:
            found.append(char)
    return found


def _joins(before: str, char: str) -> bool:
    if before.endswith(JOINER) and not before.isspace():
        return True
    if char == JOINER or SELECTORS[0] <= char <= SELECTORS[1] or SKIN[0] <= char <= SKIN[1]:
        return True
    if FLAGS[0] <= char <= FLAGS[1]:
        return len(before) == 1 and FLAGS[0] <= before <= FLAGS[1]
    return unicodedata.category(char).startswith("M")


def strange(cluster: str) -> str | None:
    """Why this cluster is no letter: `bidi`, `emoji`, `control` or `invisible`; None where it may be one."""
    if any(char in BIDI for char in cluster):
        return "bidi"
    if any(_is_emoji(char) for char in cluster):
        return "emoji"
    kinds = {unicodedata.category(char) for char in cluster}
    if kinds & {"Cc", "Cs"}:
        return "control"
    if kinds & {"Cf", "Co", "Cn", "Zl", "Zp"}:
        return "invisible"
    return None


def _is_emoji(char: str) -> bool:
    code = ord(char)
    return char in EMOJI_ALONE or char == "\ufe0f" or any(low <= code <= high for low, high in EMOJI)
