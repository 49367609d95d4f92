"""The plain pages of the house: server-rendered, without scripts, in the house's look, one style sheet by its hash."""

import base64
import hashlib
import re
from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse

STYLE = (Path(__file__).parent / "sheets.css").read_text("utf-8")
STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
LANGUAGES = ("en", "fr")
_TALL = re.compile(r" ([:;?!])(?=[ <])")  # French sets a space before these, which must not begin a line
# Nothing may run, nothing may be sent, nothing may come from elsewhere; the one style sheet is known by its hash.
POLICY = (
    f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; img-src 'self'; "
    "base-uri 'none'; form-action {forms}; frame-ancestors 'none'"
)
STRICT = {
    "Content-Security-Policy": POLICY.format(forms="'none'"),
    "Referrer-Policy": "no-referrer",  # the address is the proof: it is nobody else's business
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}


def language_of(request: Request) -> str:
    """The language asked for by `?lang=`, else the first of ours the browser prefers, else English."""
    asked = request.query_params.get("lang", "")
    if asked in LANGUAGES:
        return asked
    wishes = []
    for wish in request.headers.get("accept-language", "")[:200].split(","):
        tongue, _, weight = wish.strip().partition(";q=")
        wishes.append((-_weight(weight), tongue[:2].lower()))
    return next((tongue for _, tongue in sorted(wishes, key=lambda wish: wish[0]) if tongue in LANGUAGES), "en")


def sheet(
    body: str, *, title: str, language: str, status: int = 200, marks: str = "", house: str = "", forms: bool = False
) -> HTMLResponse:
    """A whole page round a body that is already escaped; marks are attributes of its root, house its name at the head.

    forms: whether something on it may be sent, to ourselves alone.
    """
    if house:
        body, title = f'<p class="house">{escape(house)}</p>{body}', f"{title} · {house}"
    if language == "fr":
        body = _TALL.sub("\u00a0\\1", body)
    page = (
        f'<!doctype html><html lang="{language}"{marks}><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f'<body><main class="sheet">{body}</main></body></html>'
    )
    policy = {"Content-Security-Policy": POLICY.format(forms="'self'")} if forms else {}
    return HTMLResponse(page, status, headers=STRICT | policy)


def sentence(words: str, *, title: str, language: str, status: int, house: str = "Vitrine") -> HTMLResponse:
    """A page that says one thing."""
    body = f'<header><h1>{escape(title)}</h1><p class="lead">{escape(words)}</p></header>'
    return sheet(body, title=title, language=language, status=status, house=house)


def _weight(words: str) -> float:
    try:
        return float(words) if words else 1.0
    except ValueError:
        return 0.0
