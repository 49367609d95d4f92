"""Why something is given back: a short list that can be counted and said in two languages, and words of one's own."""

REASONS = ("changed_mind", "wrong_size", "fault", "as_a_gift", "price")
BETWEEN = " · "
LONGEST = 200  # characters, as the records keep them


def written(short: str | None, words: str = "") -> str:
    """A reason as the records keep it: one of the list, words of one's own, or both; empty where there is neither."""
    own = " ".join(words.split())
    return BETWEEN.join(part for part in (short if short in REASONS else "", own) if part)[:LONGEST].strip()


def read(kept: str) -> tuple[str | None, str]:
    """Which of the list a kept reason is (None: none of it), and what was said in words of one's own."""
    short, _, words = kept.partition(BETWEEN)
    return (short, words) if short in REASONS else (None, kept)
