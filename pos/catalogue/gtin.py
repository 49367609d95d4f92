"""Article numbers (GS1 GTIN): the check digit, thirteen and fourteen digits, and prefixes that say what they are."""

DEMO_PREFIX = "952"  # GS1 keeps it for examples; no article in a shop bears it
# Restricted circulation: such a number is true inside one shop only.
IN_STORE = ("02", "04", *(str(n) for n in range(20, 30)))


class GtinWrong(ValueError):
    """This is not a GTIN: `reason` is `form` or `check_digit`, `expected` the digit that would be right."""

    def __init__(self, gtin: str, reason: str, expected: str | None = None) -> None:
        self.gtin, self.reason, self.expected = gtin, reason, expected
        said = f"the last digit should be {expected}" if expected else "should be 13 or 14 digits"
        super().__init__(f"{gtin} is no GTIN: {said}")


def check_digit(body: str) -> str:
    """The digit that closes a number: weights 3, 1, 3, … from the right, up to the next ten (GS1)."""
    total = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(body)))
    return str(-total % 10)


def checked(gtin: str) -> str:
    """The number as fourteen digits, if it is a GTIN-13 or -14 with the right check digit; else raises GtinWrong."""
    if not (gtin.isascii() and gtin.isdigit() and len(gtin) in (13, 14)):
        raise GtinWrong(gtin, "form")
    expected = check_digit(gtin[:-1])
    if gtin[-1] != expected:
        raise GtinWrong(gtin, "check_digit", expected)
    return gtin.zfill(14)


def is_demo(gtin: str) -> bool:
    """Whether this number comes from the prefix for examples, 952."""
    return gtin.zfill(14)[1:].startswith(DEMO_PREFIX)


def is_in_store(gtin: str) -> bool:
    """Whether this number is for restricted circulation, so that another shop may mean another article by it."""
    return gtin.zfill(14)[1:].startswith(IN_STORE)
