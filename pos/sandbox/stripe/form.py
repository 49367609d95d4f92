"""Form bodies and queries with brackets, to nested values and to the types an operation expects.

`process_config[skip_tipping]=true` is {"process_config": {"skip_tipping": "true"}}; `a[0]=x` and `a[]=x` are lists.
A form is data (see params.py): a mapping from name to what is allowed there.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl

from pos.sandbox.stripe.errors import Thing, invalid, payment_method_types_gone

INT: Final = "int"
STR: Final = "str"
BOOL: Final = "bool"
METADATA: Final = "metadata"
UNSERVED: Final = "unserved"  # Stripe knows it, this stand-in does not pretend to

MOST_FIELDS = 2000
METADATA_KEYS, METADATA_KEY_LENGTH, METADATA_VALUE_LENGTH = 50, 40, 500


_INTEGER: Final = re.compile(r"-?[0-9]{1,18}")


@dataclass(frozen=True)
class Many:
    """A list whose members are all of one shape."""

    of: Any


@dataclass(frozen=True)
class Form:
    """What one operation takes: names with their shapes, and which it cannot do without."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    refuses_types: bool = False  # endive: payment_method_types is gone here


def decode(text: str) -> Thing:
    """Nested text values of a form body or a query string. Raises 400 for brackets that do not nest."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise invalid(f"A request carries at most {MOST_FIELDS} parameters.") from None
    nested: Thing = {}
    for name, value in pairs:
        _place(nested, _keys(name), value, name)
    return nested


def typed(form: Form, given: Thing) -> Thing:
    """The parameters of one request with their types.

    Raises 400 for payment_method_types, unknown, missing, ill-typed or over-long parameters. An empty text comes
    out as None, which means “unset”.
    """
    if form.refuses_types and "payment_method_types" in given:
        raise payment_method_types_gone()
    values: Thing = _hash({**form.fields, "expand": Many(STR)}, given, "")
    for name in form.required:
        if values.get(name) is None:
            raise invalid(f"Missing required param: {name}.", param=name, code="parameter_missing")
    return values


def _keys(name: str) -> list[str]:
    head, bracket, rest = name.partition("[")
    if not bracket:
        return [head]
    if not rest.endswith("]"):
        raise invalid(f"Invalid parameter name: {name}", param=name)
    return [head, *rest[:-1].split("][")]


def _place(nested: Thing, keys: list[str], value: str, name: str) -> None:
    at = nested
    for key in keys[:-1]:
        at = at.setdefault(key or str(len(at)), {})
        if not isinstance(at, dict):
            raise invalid(f"Invalid parameter name: {name}", param=name)
    at[keys[-1] or str(len(at))] = value


def _value(shape: Any, given: Any, name: str) -> Any:
    if shape == UNSERVED:
        raise invalid(f"This stand-in does not serve the parameter: {name}", param=name, code="parameter_unknown")
    if shape == METADATA:
        return _metadata(given, name)
    if isinstance(shape, Many):
        return _list(shape, given, name)
    if isinstance(shape, Mapping):
        return _hash(shape, given, name)
    if not isinstance(given, str):
        raise invalid(f"Invalid {_kind(shape)}: {name}", param=name)
    return _scalar(shape, given, name)


def _kind(shape: Any) -> str:
    return {INT: "integer", BOOL: "boolean"}.get(shape, "string") if isinstance(shape, str) else "string"


def _scalar(shape: Any, given: str, name: str) -> Any:
    if given == "":
        return None
    if shape == INT:
        return _integer(given, name)
    if shape == BOOL:
        if given not in ("true", "false"):
            raise invalid(f"Invalid boolean: {given}", param=name)
        return given == "true"
    if isinstance(shape, tuple) and given not in shape:
        choices = ", ".join(shape[:-1]) + f" or {shape[-1]}" if len(shape) > 1 else shape[0]
        raise invalid(f"Invalid {name}: must be one of {choices}", param=name)
    if len(given) > 5000:
        raise invalid(f"Invalid string: {given[:20]}…; must be at most 5000 characters", param=name)
    return given


def _integer(given: str, name: str) -> int:
    if not _INTEGER.fullmatch(given):
        raise invalid(f"Invalid integer: {given}", param=name, code="parameter_invalid_integer")
    return int(given)


def _list(shape: Many, given: Any, name: str) -> list[Any] | None:
    if given == "":
        return None
    if not isinstance(given, dict) or not all(_INTEGER.fullmatch(key) for key in given):
        raise invalid("Invalid array", param=name)
    members = [_value(shape.of, given[key], f"{name}[{key}]") for key in sorted(given, key=int)]
    if None in members:
        raise invalid("You passed an empty string in a list.", param=name, code="parameter_invalid_string_empty")
    return members


def _hash(shape: Mapping[str, Any], given: Any, name: str) -> Any:
    if given == "":
        return None
    if not isinstance(given, dict):
        raise invalid(f"Invalid object: {name}", param=name)
    values = {}
    for key, value in given.items():
        full = f"{name}[{key}]" if name else key
        if key not in shape:
            raise invalid(f"Received unknown parameter: {full}", param=full, code="parameter_unknown")
        values[key] = _value(shape[key], value, full)
    return values


def _metadata(given: Any, name: str) -> Thing | None:
    if given == "":
        return None
    if not isinstance(given, dict) or any(not isinstance(value, str) for value in given.values()):
        raise invalid("Invalid object", param=name)
    if len(given) > METADATA_KEYS:
        raise invalid("You can only set 50 metadata keys on an object.", param=name)
    for key, value in given.items():
        if len(key) > METADATA_KEY_LENGTH:
            raise invalid("Metadata keys must be at most 40 characters.", param=f"{name}[{key}]")
        if len(value) > METADATA_VALUE_LENGTH:
            raise invalid("Metadata values must be at most 500 characters.", param=f"{name}[{key}]")
    return dict(given)
