"""Names of things: ids that sort by time for machines, short codes for people."""

import secrets
import time

# No 0/O, 1/I/L, 5/S, 2/Z, 8/B: what is read aloud over a counter must be heard one way.
PEOPLE_ALPHABET = "34679ACDEFGHJKMNPQRTUVWXY"


def new_id() -> str:
    """A new id: 32 hex digits, the first fifteen the time, the rest chance (like UUID 7).

    What one process makes one after the other sorts in that order: slips come out of the printer as they were written.
    """
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    return f"{milliseconds:012x}{rest * 4096 // 1_000_000:03x}{secrets.token_hex(9)[1:]}"


def people_code(length: int = 8, *, of: bytes | None = None) -> str:
    """A code a person can read aloud and type, in groups of four: `7F3K-92QD`. 25^8 is about 1.5e11.

    of: the chance it is made from, where the same must be said twice; far more of it than the code holds.
    """
    most, letters = len(PEOPLE_ALPHABET) ** length, ""
    chance = secrets.randbelow(most) if of is None else int.from_bytes(of) % most  # asked once: a sale needs three
    for _ in range(length):
        chance, letter = divmod(chance, len(PEOPLE_ALPHABET))
        letters += PEOPLE_ALPHABET[letter]
    return "-".join(letters[i : i + 4] for i in range(0, length, 4))


def plain_code(typed: str) -> str:
    """What a person typed or a scanner read, as the code was issued: capitals, groups of four."""
    letters = "".join(c for c in typed.upper() if c.isascii() and c.isalnum())
    return "-".join(letters[i : i + 4] for i in range(0, len(letters), 4))


def secret_token() -> str:
    """A bearer secret for a cookie or an enrolment address: 256 bits, URL-safe."""
    return secrets.token_urlsafe(32)
