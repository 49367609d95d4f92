"""The sandbox's traffic against Stripe's published shapes: every request, every answer, every event.

Where the OpenAPI file is not there, tests that ask for `book` are skipped by name.
"""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from jsonschema import Draft202012Validator

from pos.sandbox.stripe.transcript import Exchange, Transcript
from tests.sandbox import library

_FILE = "stripe_terminal_openapi.json"
_PLACES = (
    Path(os.environ.get("STRIPE_OPENAPI", "")),
    Path(__file__).parents[2].parent / "shared" / "reference" / _FILE,
)


@cache
def book_if_here() -> "Book | None":
    """The OpenAPI file, or None where it is not."""
    return next((Book(json.loads(place.read_text())) for place in _PLACES if place.is_file()), None)


def book() -> "Book":
    """The OpenAPI file, or a skip that names it."""
    found = book_if_here()
    if found is None:
        pytest.skip(f"the OpenAPI file {_FILE} is not here")
    return found


class Book:
    """What Stripe publishes about its requests, answers and events."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._paths = document["paths"]
        self._components = document["components"]
        self._validators: dict[str, Draft202012Validator] = {}

    def operations(self) -> set[tuple[str, str]]:
        """Every verb and path."""
        return {(verb.upper(), path) for path, verbs in self._paths.items() for verb in verbs}

    def mistakes(self, transcript: Transcript, *, ours: bool = False) -> list[str]:
        """What in a whole conversation does not fit, one line each.

        ours: every request is the shop's own, so one that was refused is looked at too.
        """
        found: list[str] = []
        for exchange in transcript.exchanges():
            if library.is_its(exchange.route):
                found += library.mistakes(exchange, nested(exchange.form or exchange.query))
                continue
            if ours or exchange.status not in (0, 400):
                found += self.request_mistakes(exchange)
            found += self.answer_mistakes(exchange)
        for event in transcript.events():
            found += self._errors(f"event {event['type']}", {"$ref": "#/components/schemas/event"}, event)
        return found

    def request_mistakes(self, exchange: Exchange) -> list[str]:
        """What was sent that Stripe would refuse."""
        if exchange.route is None:
            return []
        operation = self._paths[exchange.route][exchange.verb.lower()]
        where = f"{exchange.verb} {exchange.path}"
        if exchange.verb == "POST":
            schema = operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
            return self._errors(where, schema, self._typed(schema, nested(exchange.form)))
        allowed = {p["name"]: p["schema"] for p in operation.get("parameters", []) if p["in"] == "query"}
        schema = {"type": "object", "properties": allowed, "additionalProperties": False}
        return self._errors(where, schema, self._typed(schema, nested(exchange.query)))

    def answer_mistakes(self, exchange: Exchange) -> list[str]:
        """What the sandbox answered that Stripe would not."""
        if exchange.status == 0:
            return []
        where = f"{exchange.verb} {exchange.path} → {exchange.status}"
        body = json.loads(exchange.answer)
        if exchange.status != 200 or exchange.route is None:
            return self._errors(where, {"$ref": "#/components/schemas/error"}, body)
        answers = self._paths[exchange.route][exchange.verb.lower()]["responses"]
        schema = answers["200"]["content"]["application/json"]["schema"]
        return self._errors(where, schema, body) or [
            f"{where}: {key} is not Stripe's" for key in self._made_up(schema, body)
        ]

    def object_mistakes(self, kind: str, thing: Any) -> list[str]:
        """What in one object does not fit its kind."""
        return self._errors(kind, {"$ref": f"#/components/schemas/{kind}"}, thing)

    def _errors(self, where: str, schema: dict[str, Any], thing: Any) -> list[str]:
        key = json.dumps(schema, sort_keys=True)
        if key not in self._validators:
            self._validators[key] = Draft202012Validator({**schema, "components": self._components})
        return [f"{where}: {e.json_path}: {e.message[:200]}" for e in self._validators[key].iter_errors(thing)]

    def _made_up(self, schema: dict[str, Any], thing: Any, path: str = "$") -> list[str]:
        """Keys of an answer that Stripe's shape does not have; a shape without keys (metadata) may have any."""
        schema = self._resolved(schema)
        if "anyOf" in schema:
            fitting = [branch for branch in schema["anyOf"] if not self._errors("", branch, thing)]
            return min((self._made_up(branch, thing, path) for branch in fitting), key=len, default=[])
        if isinstance(thing, list):
            return [key for one in thing for key in self._made_up(schema.get("items", {}), one, f"{path}[]")]
        known = schema.get("properties")
        if not isinstance(thing, dict) or not known:
            return []
        found = [f"{path}.{key}" for key in thing if key not in known]
        for key, value in thing.items():
            found += self._made_up(known.get(key, {}), value, f"{path}.{key}")
        return found

    def _resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in schema:
            schema = self._components["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
        return schema

    def _typed(self, schema: dict[str, Any], value: Any) -> Any:
        """A decoded text value as the type its schema names; what does not convert stays as it was sent."""
        schema = self._resolved(schema)
        for branch in schema.get("anyOf", []):
            candidate = self._typed(branch, value)
            if not self._errors("", branch, candidate):
                return candidate
        kind = schema.get("type")
        if isinstance(value, dict):
            if kind == "array":
                return [self._typed(schema["items"], value[k]) for k in sorted(value, key=int)]
            known = schema.get("properties", {})
            return {k: self._typed(known[k], v) if k in known else v for k, v in value.items()}
        if kind == "integer" and value.lstrip("-").isdigit():
            return int(value)
        return {"true": True, "false": False}.get(value, value) if kind == "boolean" else value


def nested(text: str) -> dict[str, Any]:
    """Form text with brackets as nested values. Written apart from the sandbox's own reader, to check it."""
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        *way, last = name.replace("]", "").split("[")
        at = tree
        for step in way:
            at = at.setdefault(step, {})
        at[last] = value
    return tree
