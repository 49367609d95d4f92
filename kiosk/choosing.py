"""What a shopper may still decide about one piece: size, words to cut, services; and the choice that comes of it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from kiosk import ask, companions, draw, found, notices, session, state
from kiosk.components import engraving as field
from kiosk.diagrams.plates import plate, room
from kiosk.session import Here
from kiosk.words import Words
from pos.catalogue import engraving
from pos.catalogue.engraving import Limits
from pos.catalogue.views import EngravingView, VariantView
from pos.cutting.ground import ground_of
from pos.cutting.setting import Setting, refuse, set_words
from pos.errors import CannotEngrave
from pos.fitting import breeds, pets
from pos.selling import basket
from pos.selling.views import BasketLine, BasketView, Choice


def fitted_as(piece: VariantView | None) -> str:
    """How it is found out whether a piece fits: ring, chain, companion, or beside a coin."""
    if piece is None or piece.kind in ("ring", "chain"):
        return piece.kind if piece else "ring"
    return "companion" if piece.measures.get("tag_size") else "coin"


def line_of(held: BasketView, *, sku: str, item_id: str | None) -> BasketLine | None:
    """The line of the basket a screen changes: the one it was opened for, else this piece's own outside a bundle."""
    mine = [line for line in held.lines if line.sku == sku]
    asked = (line for line in mine if line.item_id == item_id)
    return next(asked, None) or next((line for line in mine if line.bundle_group is None), None)


def found_for(bundle_id: str, slot_id: str) -> str:
    """Where the piece is kept that was found to fit in a part of a bundle."""
    return f"{bundle_id}_{slot_id}_found"


def fit_link(piece: VariantView, *, say: Words, key: str, **of: str) -> None:
    """The way to find out whether it fits; `of` says of which bundle or which line of the basket, for the way back."""
    with draw.together("vt-block"):
        words = say(f"fit.find_{fitted_as(piece)}")
        draw.button(words, key=f"link_fit_{key}", act=session.go, args=("fit",), kwargs={"sku": piece.sku, **of})


def number_row(mine: int | None, say: Words) -> None:
    """Above the numbers: which one is chosen."""
    shown = say("shop.number", n=mine) if mine else say("piece.number_none")
    draw.html(
        f'<div class="vt-row"><p class="vt-quiet">{draw.safe(say("piece.number"))}</p>'
        f'<p class="{"vt-price" if mine else "vt-quiet"}">{draw.safe(shown)}</p></div>'
    )


def controls(
    versions: Sequence[VariantView],
    *,
    say: Words,
    key: str,
    held: BasketLine | None,
    on_change: Callable[[], None],
) -> None:
    """The controls of one piece, the first of its versions, as they stand in the basket if it is kept already.

    A change calls `on_change`.
    """
    piece = versions[0]
    with draw.laid(f"controls_{key}", "vt-together"):
        if fitted_as(piece) == "companion":
            _wearer(versions, say=say, key=key, held=held, on_change=on_change)
        if piece.sizes:
            _size(piece, say=say, key=key, held=held, on_change=on_change)
        for extra in piece.extras:
            if extra.price_minor:
                with draw.together("vt-block"):
                    price = say.money(extra.price_minor, piece.currency)
                    taken = _takes(extra.extra_id, key=key, held=held)
                    asked = f"{key}_extra_{extra.extra_id}"
                    ask.tick(f"{extra.name}, {price}", key=asked, on=taken, act=on_change)
                    draw.quiet(extra.line)


def words_to_cut(
    piece: VariantView, *, say: Words, key: str, held: BasketLine | None, on_change: Callable[[], None]
) -> None:
    """The engraving of one piece, shown on its real shape while it is typed."""
    cut = piece.engraving
    if cut is None:
        return
    many = len(cut.chars_per_line) > 1
    label = say("piece.engraving")
    words = tuple(_cut_before(key, held))
    on = ground_of(kind=piece.kind, measures=piece.measures, engraving=vars(cut))
    found = set_words(words, limits=_limits(cut), on=on)
    field.show(
        svg=plate(
            on=on,
            material_id=piece.material_id,
            lines=len(cut.chars_per_line),
            cap_height_mm=cut.cap_height_mm,
            words=found,
        ),
        alt=f"{label}: {piece.name}",
        value=words,
        labels=[
            f"{label}, {say('piece.engraving_line', n=n).lower()}" if many else label
            for n, _ in enumerate(cut.chars_per_line, start=1)
        ],
        room=room(on, lines=len(cut.chars_per_line), cap_height_mm=cut.cap_height_mm),
        least=engraving.LEAST_CAP_MM / cut.cap_height_mm,
        set_words=[engraving.line_of(line) for line in words] if found.lines else [],
        size=_how_large(found, say),
        reasons=_reasons(found, words, say),
        note=_note(cut, say),
        sample=say("piece.engraving_sample"),
        key=f"{key}_words",
        on_text=on_change,
    )


def _how_large(found: Setting, say: Words) -> str:
    """Lines, height and width of what will be cut, and a word where it is small."""
    if not found.lines:
        return ""
    mm = {name: say.decimal(value) for name, value in (("high", found.height_mm), ("wide", found.width_mm))}
    small = f" {say('piece.cut_small')}" if found.is_small else ""
    return say.counted("piece.cut", len(found.lines), cap=say.decimal(found.cap_mm), **mm) + small


def _reasons(found: Setting, words: Sequence[str], say: Words) -> list[str]:
    """Every reason why these words cannot be cut, each as its own sentence; letters nobody has are named in one."""
    text = "\n".join(words)
    missing = [one.glyph or "" for one in found.refusals if one.reason == "letter"]
    reasons = [
        CannotEngrave(text, one.reason, one.glyph, line=one.line, most=one.most, over_mm=one.over_mm)
        for one in found.refusals
        if one.reason != "letter" or len(missing) == 1
    ]
    if len(missing) > 1:
        reasons.append(CannotEngrave(text, "letters", "  ".join(missing)))
    return [notices.sentence(one, say=say) for one in reasons]


def _limits(cut: EngravingView) -> Limits:
    return Limits(cut.chars_per_line, cut.cap_height_mm)


def choice(piece: VariantView, *, key: str, number: int | None, held: BasketLine | None = None) -> Choice:
    """What the controls say now; services that cost nothing always come with the piece."""
    chosen = tuple(
        extra.extra_id for extra in piece.extras if not extra.price_minor or _takes(extra.extra_id, key=key, held=held)
    )
    words, size = _cut_before(key, held), _sized(piece, key=key, held=held)
    species, collar = _worn(piece, key=key, held=held)
    return Choice(
        sku=piece.sku,
        number=number,
        size=size,
        engraving=tuple(words),
        extras=chosen,
        species=species,
        collar=collar,
    )


def wished(piece: VariantView, *, key: str, held: BasketLine) -> Choice:
    """What the controls say of a piece that is kept; of words that cannot be cut, those it is kept with.

    Why they cannot stands beside them, and holds no other answer back.
    """
    wish = choice(piece, key=key, number=held.number, held=held)
    return replace(wish, engraving=held.engraving) if cannot_be_cut(piece, key=key) else wish


def write(here: Here, line: BasketLine, wish: Choice) -> None:
    """A piece that is kept already is kept as it is wished for now. Raises what basket.change refuses."""
    basket.change(
        here.shop,
        basket_id=here.basket_id(),
        item_id=line.item_id,
        size=wish.size,
        engraving=wish.engraving,
        extras=wish.extras,
        species=wish.species,
        collar=wish.collar,
    )


def refuse_a_collar_that_holds(piece: VariantView, *, key: str, held: BasketLine | None) -> None:
    """Raises BreakawayNeeded for a cat whose collar does not open by itself."""
    species, collar = _worn(piece, key=key, held=held)
    if species is not None:
        pets.refuse_collar(species, collar=collar)


def refuse_what_cannot_be_cut(piece: VariantView, *, key: str) -> None:
    """Raises CannotEngrave for words in the field that this piece does not take; an untouched field is no words."""
    words = field.typed(f"{key}_words")
    if piece.engraving is not None and words is not None:
        on = ground_of(kind=piece.kind, measures=piece.measures, engraving=vars(piece.engraving))
        refuse(words, limits=_limits(piece.engraving), on=on)


def cannot_be_cut(piece: VariantView, *, key: str) -> bool:
    """Whether the words in the field are some that this piece does not take."""
    try:
        refuse_what_cannot_be_cut(piece, key=key)
    except CannotEngrave:
        return True
    return False


def _cut_before(key: str, held: BasketLine | None) -> Sequence[str]:
    words = field.typed(f"{key}_words")
    if words is not None:
        return words
    return held.engraving if held else ()


def _takes(extra_id: str, *, key: str, held: BasketLine | None) -> bool:
    return bool(state.get(f"{key}_extra_{extra_id}", held is not None and extra_id in held.extras))


def _sized(piece: VariantView, *, key: str, held: BasketLine | None) -> str | None:
    """The size that was touched, or it is kept in, or that was found to fit."""
    offered = {size.code for size in piece.sizes}
    known = (state.get(f"{key}_size"), held.size if held else None, found.size_for(piece))
    return next((code for code in known if code in offered), held.size if held else None)


def _size(piece: VariantView, *, say: Words, key: str, held: BasketLine | None, on_change: Callable[[], None]) -> None:
    ask.choice(
        say("piece.size"),
        {size.code: size.name for size in piece.sizes},
        now=_sized(piece, key=key, held=held),
        key=f"{key}_size",
        act=on_change,
    )


def _wearer(
    versions: Sequence[VariantView], *, say: Words, key: str, held: BasketLine | None, on_change: Callable[[], None]
) -> None:
    """A dog or a cat; a cat's tag hangs from a collar that opens by itself, and is sold for no other."""
    species, collar = _worn(versions[0], key=key, held=held)
    with draw.together():
        kinds = {one: say(f"pets.{one}") for one in breeds.SPECIES}
        ask.choice(say("pets.species"), kinds, now=species, key=f"{key}_species", act=on_change)
        if species == breeds.CAT:
            opens = collar == pets.BREAKAWAY
            ask.tick(say("pets.breakaway"), key=f"{key}_breakaway", on=opens, act=on_change)
            draw.quiet(say("pets.pet_06"))
        companions.say_why_not(versions, species, say)


def _known_wearer(held: BasketLine | None) -> tuple[str | None, str | None]:
    """Whom it is kept for, on which collar; before that, who was found to wear it."""
    if held and held.species:
        return held.species, held.collar
    return found.pet() or (None, None)


def _worn(piece: VariantView, *, key: str, held: BasketLine | None) -> tuple[str | None, str | None]:
    """Who wears it on which collar, as the controls say, or as it was kept or found before."""
    if fitted_as(piece) != "companion":
        return None, None
    before, on = _known_wearer(held)
    species, opens = state.get(f"{key}_species") or before, state.get(f"{key}_breakaway")
    if species is None or (species == before and opens is None):
        return before, on
    return species, pets.collar_of(species, opens=bool(opens))


def _note(cut: EngravingView, say: Words) -> str:
    most, mm = cut.chars_per_line, say.decimal(cut.cap_height_mm)
    if len(most) == 1:
        first = say("piece.engraving_note", n=most[0], mm=mm, place=cut.place)
    else:
        letters = " + ".join(str(n) for n in most)
        first = say("piece.engraving_note_many", lines=len(most), n=letters, mm=mm, place=cut.place)
    days = say.counted("piece.engraving_lead", cut.lead_days) if cut.lead_days else ""
    plain = say("piece.engraving_optional") if cut.optional else ""
    return " ".join(part for part in (first, plain, days) if part)
