"""Which currencies and amounts Stripe takes, and how it writes them in its messages."""

from typing import Final

from pos.sandbox.stripe.errors import invalid

# Smallest charge, in the smallest unit (docs.stripe.com/currencies#minimum-and-maximum-charge-amounts).
SMALLEST: Final = {"gbp": 30, "eur": 50, "usd": 50, "cad": 50, "aud": 50, "chf": 50, "nzd": 50, "sgd": 50, "jpy": 50,
                   "dkk": 250, "nok": 300, "sek": 300, "pln": 200, "czk": 1500, "hkd": 400, "myr": 200}  # fmt: skip
LARGEST: Final = 99_999_999
ZERO_DECIMAL: Final = frozenset({"jpy"})
_SIGNS: Final = {"gbp": "£", "eur": "€", "usd": "$", "jpy": "¥"}


def written(amount: int, *, currency: str) -> str:
    """An amount as Stripe's messages show it. amount is in the smallest unit."""
    sign = _SIGNS.get(currency, "")
    figures = f"{amount:,}" if currency in ZERO_DECIMAL else f"{amount / 100:,.2f}"
    return f"{sign}{figures}" if sign else f"{figures} {currency}"


def checked_currency(currency: str) -> str:
    """The currency in small letters. Raises 400 for one not taken here."""
    small = currency.lower()
    if small not in SMALLEST:
        raise invalid(f"Invalid currency: {small}. Stripe currently supports these currencies: "
                      f"{', '.join(sorted(SMALLEST))}", param="currency")  # fmt: skip
    return small


def check_amount(amount: int, *, currency: str) -> None:
    """Raises 400 amount_too_small or amount_too_large. amount is in the smallest unit."""
    if amount < 1:
        raise invalid(
            "This value must be greater than or equal to 1.", param="amount", code="parameter_invalid_integer"
        )
    least = SMALLEST[currency]
    if amount < least:
        raise invalid(
            f"Amount must be at least {written(least, currency=currency)} {currency}",
            param="amount",
            code="amount_too_small",
        )
    if amount > LARGEST:
        raise invalid(
            f"Amount must be no more than {written(LARGEST, currency=currency)} {currency}",
            param="amount",
            code="amount_too_large",
        )
