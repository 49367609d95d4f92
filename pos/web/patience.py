"""How often one address may ask: guesses are useless, and one impatient visitor does not slow the others down."""

import ipaddress

from limits import RateLimitItem
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.requests import Request


class Patience:
    """Counts the questions of each address; whoever is over the rate is told to wait."""

    def __init__(self, rate: RateLimitItem) -> None:
        self._rate = rate
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def is_over(self, request: Request) -> bool:
        """Count this question; whether its address has asked too often."""
        return not self._limiter.hit(self._rate, neighbourhood(request))


def neighbourhood(request: Request) -> str:
    """Whom a question is counted for: an IPv4 address, or the /64 network a household's IPv6 addresses share."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is None:
            return str(ipaddress.ip_network((address, 64), strict=False))
        address = address.ipv4_mapped  # how an IPv4 visitor looks to a server that listens on `::`
    return str(address)
