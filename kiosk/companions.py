"""A companion's fit: species, breed, weight and girth as they are known, and what follows, drawn to scale."""

from collections.abc import Iterator, Mapping, Sequence

from kiosk import ask, draw, found, measuring, notices, state
from kiosk.diagrams.companions import companion
from kiosk.session import Here
from kiosk.words import Words
from pos.catalogue.views import VariantView
from pos.errors import ShopError
from pos.fitting import breeds, pets

SHOWN = 9  # breeds at a time
METAL = "PT950RU"  # of the tags where no piece says another


def fit(here: Here, sisters: tuple[VariantView, ...]) -> None:
    """The questions, and beside them the drawing and what it means."""
    say = here.say
    with draw.laid("companion", "vt-pair"):
        with draw.together("vt-body"):
            questions(say)
        with draw.together("vt-body"):
            try:
                answer(pets.fit(animal(), material_id=_metal(sisters)), sisters, say)
            except ShopError as refusal:
                draw.html(f'<p class="vt-trouble">{draw.safe(notices.sentence(refusal, say=say))}</p>')


def questions(say: Words) -> None:
    """Species, breed, weight, girth, and for a cat its collar."""
    species = str(state.get("pet_species") or breeds.DOG)
    kinds = {one: say(f"pets.{one}") for one in breeds.SPECIES}
    ask.choice(say("pets.species"), kinds, now=species, key="pet_species", act=_another_species)
    ask.line(say("pets.breed"), key="pet_words", most=60, hint=say("pets.breed_hint"))
    found_so = breeds.search(str(state.get("pet_words") or ""), species=species)
    names = {one.name: one.called(say.language) for one in found_so[:SHOWN]}
    chosen = state.get("pet_breed")
    if chosen and chosen not in names:
        names[chosen] = breeds.breed(chosen).called(say.language)
    if names:
        ask.choice(
            say("pets.breeds"), names, now=chosen, key="pet_breed", act=_keep_wearer, required=False, named=False
        )
    else:
        draw.quiet(say("pets.breed_none"))
    for measure in ("weight", "girth"):
        ask.line(say(f"pets.{measure}"), key=f"pet_{measure}", most=6, decimal=True, act=_keep_wearer)
    draw.html('<ol class="vt-how">' + "".join(f"<li>{draw.safe(line)}</li>" for line in say.many("pets.how")) + "</ol>")
    if species == breeds.CAT:
        ask.tick(say("pets.breakaway"), key="pet_breakaway", act=_keep_wearer)


def _another_species() -> None:
    """Another companion: what was told of the one before is not said of this one."""
    told = found.animal()
    if animal().species != (told.species if told else breeds.DOG):
        for key in ("pet_breed", "pet_words", "pet_weight", "pet_girth", "pet_breakaway"):
            state.take(key)
    _keep_wearer()


def _keep_wearer() -> None:
    """The tag that is chosen next is for this companion, and its other screens know which one is right."""
    found.keep(pet=wearer(), animal=animal())


def wearer() -> tuple[str, str | None]:
    """The species of this companion and its collar."""
    species = animal().species
    return species, pets.collar_of(species, opens=bool(state.get("pet_breakaway")))


def animal() -> pets.Animal:
    """What the questions say now."""
    breed, girth = state.get("pet_breed"), ask.decimal_of("pet_girth")
    return pets.Animal(
        species=str(state.get("pet_species") or breeds.DOG),
        breed=breeds.breed(breed) if breed else None,
        weight_kg=ask.decimal_of("pet_weight"),
        girth_mm=girth * 10 if girth is not None else None,
    )


def answer(fitting: pets.Fit, sisters: tuple[VariantView, ...], say: Words) -> None:
    """The drawing, the measures, what must be said, and for whom wants it, from where it comes."""
    who, neck, tag = animal(), fitting.neck, fitting.tag
    girth = _girth(neck, say)
    draw.to_scale(
        companion(
            species=who.species,
            girth_mm=neck.girth_mm,
            tag_mm=tag.diameter_mm,
            hole_mm=tag.hole_mm,
            material_id=_metal(sisters),
            girth_words=girth,
            tag_words=f"{say.decimal(tag.diameter_mm)} mm",
        ),
        alt=say("pets.alt", animal=say(f"pets.{who.species}"), girth=girth, tag=say.decimal(tag.diameter_mm)),
    )
    draw.lead(say(f"pets.known_{neck.known_by}"))
    if pets.is_doubtful(who):
        draw.html(f'<p class="vt-trouble">{draw.safe(say("pets.doubtful"))}</p>')
    here_is = sister(sisters)
    rows = [
        (say("pets.row_neck"), girth),
        (say("pets.row_collar"), say("pets.about_cm", cm=say.decimal(fitting.collar_mm / 10, places=0))),
        (say("pets.row_tag"), f"{tag.size}, {say.decimal(tag.diameter_mm)} mm"),
        (say("pets.row_weight"), _share(fitting, say)),
        *_room(here_is, say),
    ]
    measuring.table("pets.measures", rows, say)
    if sisters and here_is is None and not is_right(sisters[0], who.species):
        say_why_not(sisters, who.species, say)
    elif sisters and here_is is None:
        draw.quiet(say("pets.no_such_tag"))
    under = say.counted("pets.pet_04", fitting.fingers)
    draw.facts([under, *(say(f"pets.{rule.lower().replace('-', '_')}") for rule in fitting.advice)])
    more(fitting, say)


def _room(piece: VariantView | None, say: Words) -> Iterator[tuple[str, str]]:
    """How many letters this very piece takes; of a size that is not on sale nothing is promised."""
    if piece and piece.engraving:
        room = piece.engraving
        yield say("pets.row_room", mm=say.decimal(room.cap_height_mm)), " + ".join(map(str, room.chars_per_line))


def _girth(neck: pets.Neck, say: Words) -> str:
    if neck.known_by == "measured":
        return say("pets.round", cm=say.decimal(neck.girth_mm / 10))
    low, high = (say.decimal(mm / 10, places=0) for mm in (neck.low_mm, neck.high_mm))
    return say("pets.round", cm=f"{low}–{high}")


def _share(fitting: pets.Fit, say: Words) -> str:
    share = say.decimal(fitting.tag.share * 100, places=2)
    key = "pets.share_guess" if fitting.weight_is_guess else "pets.share"
    kg = say.decimal(fitting.weight_kg)
    return say(key, grams=say.decimal(fitting.tag.mass_mg / 1000), share=share, kg=kg)


def more(fitting: pets.Fit, say: Words) -> None:
    """From where each of these comes, and how far it is trusted."""
    ask.tick(say("pets.more"), key="pet_more")
    if not state.get("pet_more"):
        return
    neck = fitting.neck
    trust = say(f"pets.trust_{neck.confidence.replace('-', '_')}")
    lines = [say("pets.source_neck", source=neck.source, trust=trust)]
    breed = animal().breed
    if breed and breed.disagree:
        lines.append(say("pets.source_disagree"))
    draw.quiet(*lines, *say.many("pets.sources"))


def sister(sisters: tuple[VariantView, ...]) -> VariantView | None:
    """Of these pieces the tag in the size that fits, the one that is looked at first; None where there is none."""
    try:
        size = pets.fit(animal(), material_id=_metal(sisters)).tag.size
    except ShopError:
        return None
    return next((piece for piece in sisters if piece.measures.get("tag_size") == size), None)


def is_right(piece: VariantView, species: str | None) -> bool:
    """Whether a tag is right for this companion, as it was told of or as its species is; so is whatever is no tag."""
    size = piece.measures.get("tag_size")
    return not size or species is None or size in _right(piece, species)


def suits(piece: VariantView) -> bool:
    """Whether it is right for the companion that was told of, if one was: such a piece is offered first."""
    return is_right(piece, (found.pet() or (None, None))[0])


def say_why_not(versions: Sequence[VariantView], species: str | None, say: Words) -> None:
    """Why a tag, the first of its versions, is not right for this companion, and which of them is; else nothing."""
    piece = versions[0]
    if species is None or is_right(piece, species):
        return
    widths = [say.decimal(mm, places=0) for mm in _right(piece, species).values()]
    why = say("pets.not_this_tag", mm=say.decimal(piece.measures["diameter"], places=0), right="–".join(widths))
    draw.html(f'<p class="vt-trouble">{draw.safe(why)}</p>')
    other = next((one for one in versions if one.measures.get("tag_size") and is_right(one, species)), None)
    draw.quiet(say("pets.choose_tag", name=other.name) if other else say("pets.no_such_tag"))


def _right(piece: VariantView, species: str) -> Mapping[str, float]:
    return pets.right_tags(species, told=found.animal(), material_id=piece.material_id)


def refuse_a_collar_that_holds() -> None:
    """Raises BreakawayNeeded for a cat whose collar does not open by itself."""
    species, collar = wearer()
    pets.refuse_collar(species, collar=collar)
    _keep_wearer()


def _metal(sisters: tuple[VariantView, ...]) -> str:
    return next((piece.material_id for piece in sisters if piece.measures.get("tag_size")), METAL)
