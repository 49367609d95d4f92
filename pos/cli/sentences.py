"""What an operator reads when the shop refuses: one sentence with what to do, from the facts of the error."""

from pos import errors
from pos.errors import ShopError

SENTENCES: dict[type[ShopError], str] = {
    errors.PieceTaken: "Number {number} of {sku} is somebody else's; choose another number.",
    errors.SoldOut: "Every number of {sku} is taken.",
    errors.WindowFull: "Every place in the pre-order window of {sku} is taken.",
    errors.SlotFull: "The pickup time {start} at {boutique} is full; choose another.",
    errors.HoldLapsed: "The time for which {sku} no. {number} was kept is over; choose it again.",
    errors.HoldExtendedAlready: "{sku} no. {number} has been kept longer once already.",
    errors.WindowClosed: "{sku} cannot be bought today: its window is shut (see capsule.toml).",
    errors.Unknown: "There is no {kind} {key!r}.",
    errors.GiftCardEmpty: "Only {left} pence are left on the gift card that ends in {last4}.",
    errors.GiftCardExpired: "The gift card that ends in {last4} was good until {on}.",
    errors.GiftCardBlocked: "The gift card that ends in {last4} is blocked; a manager can unblock or replace it.",
    errors.GiftForGift: "A gift card or store credit cannot pay for a gift card.",
    errors.NoAmount: "An amount is at least a penny.",
    errors.TenderTooMuch: "Only {left} pence of the order are still to be paid.",
    errors.CashShort: "{tendered} pence in cash are less than the {amount} pence to be paid with it.",
    errors.CashLimit: "Cash of one buyer stays below {limit} pence; {already} pence are in already.",
    errors.TenderWaits: "Another payment of the order, of {amount} pence, is not decided yet.",
    errors.GiftAmount: "A gift card is sold for {least} to {most} pence (VITRINE_GIFT_CARD_LEAST_MINOR, …_MOST_MINOR).",
    errors.TooManyTries: "Too many codes that nobody knows were tried; wait {wait} seconds.",
    errors.TooManyHolds: "One tablet keeps at most {most} pieces (VITRINE_MAX_HOLDS).",
    errors.TooManyWaiting: "One tablet writes at most {most} people on its waiting lists; take the invented ones off.",
    errors.AddressWrong: "{address!r} is no e-mail address.",
    errors.BasketEmpty: "The basket is empty.",
    errors.CannotEngrave: "“{text}” cannot be engraved: {reason}.",
    errors.SizeNeeded: "{sku} needs one of its sizes, and {size!r} is not one of them.",
    errors.MeasuresDisagree: "The two measures of the card are {apart} percent apart, and may be 1.",
    errors.MeasureOutside: "No companion has this {reason}: {least} to {most} is looked for.",
    errors.BreakawayNeeded: "A cat wears a tag only on a breakaway collar (rule PET-06).",
    errors.ProofNeeded: "Nobody has confirmed the engraving of {sku} no. {number} yet.",
    errors.NothingToProve: "{sku} no. {number} has no words to confirm.",
    errors.NotHallmarked: "{sku} has no hallmark record, so it may not be handed over as precious metal yet.",
    errors.StillEngraved: "{sku} no. {number} was engraved for somebody: polish the words away first, and say so.",
    errors.Withdrawn: "The {kind} {name} was withdrawn while {piece} was in the basket; put that back first.",
    errors.BundleIncomplete: "The bundle {bundle} needs a piece for {slot}.",
    errors.CannotGiveBack: "Of the order {code} this cannot be given back ({reason}).",
    errors.RefundTooMuch: "Only {left} pence are left to give back of {what}.",
    errors.SlotClosed: "{boutique} hands nothing over at {start}.",
    errors.PriceMoved: "The price has changed from {shown} to {now} pence; look at the total again.",
    errors.WrongState: "The {kind} {key} is {state}, so this cannot be done now.",
    errors.AlreadyHandedOver: "The pieces of {code} were handed over at {at} by {by}.",
    errors.NothingTaken: "No money came for order {code}: its payment was cancelled after the sale was written.",
    errors.NotReady: "The order {code} is still being made: somebody at the counter must say that it lies in the safe.",
    errors.BalanceDue: "{amount} pence of {code} must be paid before the pieces leave the shop.",
    errors.ManagerNeeded: "More than {limit} pence of one order in cash need a manager (VITRINE_CASH_REFUND_LIMIT).",
    errors.WrongPin: "The PIN is wrong; wait {wait} seconds.",
    errors.NotAllowed: "{who} may not do this: {act}.",
    errors.CertificateAltered: "Altered: this is not what the shop signed ({reason}).",
    errors.SettingsWrong: "The setting {key} is wrong: {reason}.",
    errors.ReaderTrouble: "The card reader {reader} cannot be used now ({code}); see python -m pos doctor.",
    errors.PaymentTrouble: "Stripe refused or did not answer ({code}); see python -m pos doctor.",
    errors.SandboxTrouble: "The stand-ins for Stripe and the printer did not start ({cause}).",
    errors.RecordsTrouble: "The shop's records cannot be used ({cause}); see python -m pos doctor.",
}


def sentence(refusal: ShopError) -> str:
    """The sentence for this refusal; for one without a sentence of its own, that of the nearest above it."""
    if isinstance(refusal, errors.CapsuleMistakes):
        return "\n".join(["The capsule was not loaded:", *(f"  {mistake}" for mistake in refusal.mistakes)])
    for kind in type(refusal).__mro__:
        if kind in SENTENCES:
            return " ".join(SENTENCES[kind].format_map(vars(refusal)).split())  # a cause may come in several lines
    return f"The shop refused ({type(refusal).__name__}: {refusal})."
