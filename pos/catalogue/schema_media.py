"""A capsule's media.toml: each picture with its role, its piece and the words for whoever does not see it."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from pos.catalogue.schema_piece import Many, Sku, Strict, Words, spelled

# Inside the folder and nowhere else: no drive, no "..", no leading slash.
PicturePath = Annotated[
    str,
    StringConstraints(max_length=120),
    spelled(r"media/[A-Za-z0-9][A-Za-z0-9._-]*\.(webp|png|jpg|jpeg|avif)", said="media/ and a picture's file name"),
]
Percent = Annotated[int, Field(ge=0, le=100)]
# One mark struck into the piece: which it is, and the middle of it from the picture's left and top edge.
Mark = Annotated[tuple[Literal["sponsor", "fineness", "office", "date"], Percent, Percent], Field(strict=False)]
Pixels = Annotated[int, Field(ge=1, le=20_000)]


class Picture(Strict):
    """One picture; without a SKU it belongs to the whole capsule, a swatch to its metal."""

    file: PicturePath
    thumb: PicturePath | None = None
    sku: Sku | None = None
    material: Annotated[str, StringConstraints(max_length=20)] | None = None  # of a swatch, and of nothing else
    role: Literal["attract", "hero", "lifestyle", "hallmark", "scale", "pet", "detail", "swatch"]
    kind: Literal["render", "photograph"]  # a render says that it is one
    orientation: Annotated[str, spelled(r"\d{1,2}:\d{1,2}", said="width and height, such as 4:3")]
    focus: Annotated[str, spelled(r"\d{1,3}% \d{1,3}%", said="two shares, such as 50% 50%")] = (
        "50% 50%"  # what stays where a frame cuts
    )
    marks: Many[Mark] = ()  # of a hallmark picture: each can be looked at close to
    width: Pixels
    height: Pixels
    alt: Words


class MediaFile(Strict):
    """A whole media.toml."""

    picture: Many[Picture] = ()
