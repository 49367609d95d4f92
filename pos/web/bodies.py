"""Reading what comes in, up to a limit, without believing what it says of its own length."""

from starlette.requests import Request


class TooLarge(Exception):
    """More came than this door takes."""


async def body_of(request: Request, *, most: int) -> bytes:
    """The body, at most so many bytes. Raises TooLarge as soon as there is more."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise TooLarge
    return bytes(body)
