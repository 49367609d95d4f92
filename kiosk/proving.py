"""The proof of an engraving in the basket: seen as it will be cut, and said yes to letter by letter."""

from collections.abc import Sequence

from kiosk import draw, notices
from kiosk.session import Here
from kiosk.words import Words
from pos.catalogue.engraving import Limits
from pos.catalogue.views import VariantView
from pos.cutting import proof
from pos.cutting.ground import ground_of
from pos.cutting.setting import set_words
from pos.selling import proofs
from pos.selling.proofs import ProofView
from pos.selling.views import BasketLine


def show(here: Here, line: BasketLine, piece: VariantView, yes: ProofView | None, *, basket_id: str) -> None:
    """The drawing in millimetres, and the shopper's yes or the button for it."""
    say = here.say
    with draw.together("vt-proofed"):
        drawn = _drawn(line, piece, yes)
        _figure(drawn, say("basket.proof_yes" if yes else "basket.proof_line"), line.engraving, say)
        if yes is None:
            key, words = f"prove_{line.item_id}", say("basket.proof")
            draw.button(words, key=key, act=_confirm, args=(here, line, basket_id), css="vt-plain")


def confirmed(yes: ProofView, say: Words) -> None:
    """The drawing of what was sold to be cut, as its buyer said yes to it."""
    _figure(yes.svg, say("done.proof"), yes.lines, say)


def _figure(svg: str, note: str, lines: Sequence[str], say: Words) -> None:
    seen = draw.drawing(svg, alt=say("basket.proof_alt", words=" / ".join(lines)))
    draw.html(f'<figure class="vt-proof">{seen}<figcaption class="vt-quiet">{draw.safe(note)}</figcaption></figure>')


def _drawn(line: BasketLine, piece: VariantView, yes: ProofView | None) -> str:
    if yes is not None:
        return yes.svg
    cut = piece.engraving
    if cut is None:
        return ""
    on = ground_of(kind=piece.kind, measures=piece.measures, engraving=vars(cut))
    found = set_words(line.engraving, limits=Limits(cut.chars_per_line, cut.cap_height_mm), on=on)
    return proof.svg(found, on=on, title=piece.name)


def _confirm(here: Here, line: BasketLine, basket_id: str) -> None:
    with notices.on_screen():
        proofs.confirm(here.shop, basket_id=basket_id, item_id=line.item_id, lines=line.engraving)
