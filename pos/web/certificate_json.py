"""The public record of a certificate for programs, as docs/certificate.schema.json describes it (a test compares)."""

from datetime import UTC, datetime
from typing import Any

from starlette.responses import JSONResponse

from pos.proof.register import Record
from pos.web.certificate_page import STATUS
from pos.web.sheets import STRICT

SALTED = "engraving_sha256"  # for whoever has the paper: with its short code a guessed name could be tried on it
POLICY = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}


def facts(record: Record, *, language: str, house: str) -> JSONResponse:
    """The same as the page, as JSON; the words of the piece in both languages, those of the picture in one."""
    told: dict[str, Any] = {"verdict": str(record.answer), "house": house}
    if record.key_id:
        told["key"] = {"id": record.key_id, "url": f"/keys/{record.key_id}.pub"}
    if record.statement is not None:
        told |= {
            "standing": str(record.standing),
            "transfers": [_moment(at) for at in record.transfers],
            "statement": {name: value for name, value in record.statement.items() if name != SALTED},
            "picture": _picture(record, language),
            "log": {"certificate": record.seal, "url": f"/log/proof/certificate/{record.seal}"},
            "proves_the_metal": False,  # the hallmark does
        }
    if record.known:
        told["known"] = True
    return JSONResponse(told, STATUS[record.answer], headers=STRICT | POLICY)


def refused(why: str, *, status: int) -> JSONResponse:
    """No answer now: `too_often` or `closed`."""
    return JSONResponse({"error": why}, status, headers=STRICT | POLICY)


def wants_json(accept: str) -> bool:
    """Whether a program asks: JSON is named, and no page is wished for more."""
    weights: dict[str, float] = {}
    for wish in accept[:400].split(","):
        kind, *terms = (part.strip().lower() for part in wish.split(";"))
        weights[kind] = max(weights.get(kind, 0.0), _weight(terms))
    return weights.get("application/json", 0.0) > max(
        weights.get("text/html", 0.0), weights.get("application/xhtml+xml", 0.0)
    )


def _weight(terms: list[str]) -> float:
    for term in terms:
        name, _, value = term.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def _picture(record: Record, language: str) -> dict[str, Any] | None:
    if record.picture is None:
        return None
    return {
        "url": record.picture.src,
        "alt": record.picture.alt,
        "language": language,
        "shows": "marks" if record.picture.role == "hallmark" else "piece",
        "kind": "render" if record.picture.is_render else "photograph",
    }


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"
