"""An item of a file of which some keys are wrong: the others can still be judged, so that all mistakes come at once."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from pydantic import BaseModel, ValidationError, create_model


class Unread(Exception):
    """A rule asked for a key that could not be read; the mistake in it is noted already. Ends that rule only."""


class Partly:
    """Stands for a checked item, with those keys that are right; asking for another raises Unread."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.__dict__.update(values)

    def __getattr__(self, name: str) -> Any:
        raise Unread(name)


def partly(model: type[BaseModel], raw: Any, *, wrong: ValidationError) -> BaseModel | Partly:
    """What can be read of an item in which pydantic found these faults: all but unknown keys, or its sound keys."""
    if not isinstance(raw, Mapping):
        return Partly({})
    known = deepcopy(dict(raw))
    for error in wrong.errors():
        if error["type"] == "extra_forbidden":
            _take_out(known, [part for part in error["loc"] if not str(part).startswith("@")])
    try:
        return model.model_validate(known)
    except ValidationError as still:
        return _sound(model, known, bad={str(error["loc"][0]) for error in still.errors() if error["loc"]})


def _take_out(here: Any, key: list[str | int]) -> None:
    for part in key[:-1]:
        here = here[part]
    del here[key[-1]]


def _sound(model: type[BaseModel], raw: Mapping[str, Any], *, bad: set[str]) -> Partly:
    fields: Any = {name: (field.annotation, field) for name, field in model.model_fields.items() if name not in bad}
    part = create_model("Part", __config__=model.model_config, **fields)
    read = part.model_validate({name: value for name, value in raw.items() if name in fields})
    return Partly(dict(read))
