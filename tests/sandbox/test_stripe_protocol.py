"""How the stand-in speaks: keys, versions, forms, headers, idempotency, locks, lists, search, expand."""

import base64
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import stripe
from stripe._http_client import HTTPClient

from pos.sandbox.stripe import API_VERSION
from tests.sandbox.stripe_shop import Till, client_of, soon

SALE = {"amount": "43200", "currency": "gbp", "allowed_payment_method_types[0]": "card_present"}


def raw(till: Till, path: str = "/v1/payment_intents", *, verb: str = "POST", **more: Any) -> httpx.Response:
    """A request without the library, for what the library would never send."""
    headers = {"Authorization": f"Bearer {till.running.api_key}", **more.pop("headers", {})}
    return httpx.request(verb, till.running.url + path, headers=headers, **more)


def in_threads(*acts: Any) -> list[Any]:
    """Do things at the same time; what each returned or raised."""
    done: list[Any] = [None] * len(acts)

    def run(place: int, act: Any) -> None:
        try:
            done[place] = act()
        except Exception as trouble:
            done[place] = trouble

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return done


# --- keys and versions ---


@pytest.mark.parametrize(
    "header", [None, "Bearer", "Bearer sk_test_of_somebody_else", "Basic c2tfbGl2ZV94Og==", "Basic %%%", "Digest x"]
)
def test_without_the_key_nothing_is_answered(till: Till, header: str | None) -> None:
    answer = httpx.get(till.running.url + "/v1/charges", headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer.json()["error"]["type"] == "invalid_request_error"
    assert answer.headers["www-authenticate"].startswith("Basic")
    assert till.running.api_key not in answer.text


def test_a_key_opens_as_bearer_and_as_basic(till: Till) -> None:
    basic = base64.b64encode(f"{till.running.api_key}:".encode()).decode()
    assert raw(till, "/v1/charges", verb="GET").status_code == 200
    assert raw(till, "/v1/charges", verb="GET", headers={"Authorization": f"Basic {basic}"}).status_code == 200


def test_a_foreign_key_is_an_authentication_error_to_the_library(till: Till) -> None:
    stranger = stripe.StripeClient("sk_test_stranger", base_addresses={"api": till.running.url})
    with pytest.raises(stripe.AuthenticationError):
        stranger.v1.payment_intents.list()


@pytest.mark.parametrize("place", ["", "/{id}", "/{id}/confirm"])
def test_endive_took_payment_method_types_away(till: Till, place: str) -> None:
    path = "/v1/payment_intents" + place.format(id=till.intent().id)
    answer = raw(till, path, data={"payment_method_types[]": "card_present", **(SALE if not place else {})})
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "payment_method_types_no_longer_supported"


def test_copied_code_with_the_old_parameter_breaks(till: Till) -> None:
    old: Any = {"amount": 43200, "currency": "gbp", "payment_method_types": ["card_present"]}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        till.client.v1.payment_intents.create(old)
    assert refused.value.code == "payment_method_types_no_longer_supported"


@pytest.mark.parametrize(
    ("version", "status"),
    [
        (API_VERSION, 200),
        ("2026-09-30.endive", 200),
        ("2024-09-30.acacia", 400),
        ("2023-08-16", 400),
        ("2026-10-28.preview", 400),
        ("yesterday", 400),
    ],
)
def test_only_endive_is_spoken(till: Till, version: str, status: int) -> None:
    answer = raw(till, data=SALE, headers={"Stripe-Version": version})
    assert answer.status_code == status


def test_without_a_version_the_accounts_own_serves(till: Till) -> None:
    assert raw(till, data=SALE).headers["stripe-version"] == API_VERSION


# --- headers and forms ---


def test_every_answer_carries_its_request_id(till: Till) -> None:
    first, second = raw(till, data=SALE), raw(till, "/v1/nothing/here", verb="GET")
    assert first.headers["request-id"].startswith("req_")
    assert first.headers["request-id"] != second.headers["request-id"]
    assert second.status_code == 404
    assert "Unrecognized request URL (GET: /v1/nothing/here)" in second.json()["error"]["message"]


@pytest.mark.parametrize(
    ("given", "code", "param"),
    [
        ({"currency": "gbp"}, "parameter_missing", "amount"),
        ({**SALE, "amount": "432.00"}, "parameter_invalid_integer", "amount"),
        ({**SALE, "amount": "29"}, "amount_too_small", "amount"),
        ({**SALE, "amount": "100000000"}, "amount_too_large", "amount"),
        ({**SALE, "colour": "red"}, "parameter_unknown", "colour"),
        ({**SALE, "payment_method_options[card_present][x]": "1"}, "parameter_unknown",
         "payment_method_options[card_present][x]"),
        ({**SALE, "transfer_group": "A"}, "parameter_unknown", "transfer_group"),
        ({**SALE, "capture_method": "later"}, None, "capture_method"),
        ({**SALE, "confirm": "yes"}, None, "confirm"),
        ({**SALE, "currency": "gold"}, None, "currency"),
        ({**SALE, "metadata": "x"}, None, "metadata"),
        ({**SALE, f"metadata[{'k' * 41}]": "x"}, None, f"metadata[{'k' * 41}]"),
        ({**SALE, "metadata[note]": "x" * 501}, None, "metadata[note]"),
        ({**SALE, **{f"metadata[k{n}]": "x" for n in range(51)}}, None, "metadata"),
        ({**SALE, "statement_descriptor": "VITRINE"}, None, "statement_descriptor"),
        ({**SALE, "statement_descriptor_suffix": "<charm>"}, None, "statement_descriptor_suffix"),
        ({**SALE, "statement_descriptor_suffix": "C" * 23}, None, "statement_descriptor_suffix"),
        ({**SALE, "allowed_payment_method_types[1]": "gold_bars"}, None, "allowed_payment_method_types"),
        ({**SALE, "automatic_payment_methods[enabled]": "true"}, "parameters_exclusive", None),
        ({**SALE, "metadata[a": "x"}, None, "metadata[a"),
        ({**SALE, "customer": "cus_nobody"}, "resource_missing", "customer"),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_named(till: Till, given: dict[str, str], code: str | None, param: str | None) -> None:
    answer = raw(till, data=given)
    assert answer.status_code == (404 if code == "resource_missing" else 400)
    error = answer.json()["error"]
    assert (error.get("code"), error.get("param"), error["type"]) == (code, param, "invalid_request_error")


def test_metadata_is_merged_emptied_and_cleared(till: Till) -> None:
    intents = till.client.v1.payment_intents
    intent = till.intent(metadata={"order_id": "V-1", "till": "2"})
    assert intents.update(intent.id, {"metadata": {"till": "", "piece": "12/50"}}).metadata.to_dict() == {
        "order_id": "V-1",
        "piece": "12/50",
    }
    assert intents.update(intent.id, {"metadata": ""}).metadata.to_dict() == {}


def test_a_refused_change_leaves_nothing_behind(till: Till) -> None:
    intent = till.intent()
    with pytest.raises(stripe.InvalidRequestError):
        till.client.v1.payment_intents.update(intent.id, {"description": "half", "customer": "cus_nobody"})
    assert till.now(intent).description is None


def test_an_id_of_another_account_is_missing(till: Till) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        till.client.v1.payment_intents.retrieve("pi_of_somebody_else")
    assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")
    assert "No such payment_intent: 'pi_of_somebody_else'" in str(refused.value)


# --- idempotency ---


def test_the_same_key_gives_the_same_intent(till: Till) -> None:
    first, again = till.intent(key="order-7"), till.intent(key="order-7")
    assert first.id == again.id
    headers = again.last_response.headers
    assert headers["idempotent-replayed"] == "true"
    assert headers["idempotency-key"] == "order-7"
    assert headers["original-request"] == first.last_response.headers["request-id"] != headers["request-id"]
    assert "idempotent-replayed" not in first.last_response.headers
    assert till.events() == ["payment_intent.created"]


def test_a_replay_is_the_answer_of_then_not_of_now(till: Till) -> None:
    intent = till.intent(key="order-8")
    till.client.v1.payment_intents.cancel(intent.id)
    assert till.intent(key="order-8").status == "requires_payment_method"


def test_a_key_does_not_serve_another_request(till: Till) -> None:
    till.intent(key="order-9")
    with pytest.raises(stripe.IdempotencyError) as refused:
        till.intent(5000, key="order-9")
    assert refused.value.http_status == 400
    assert "Keys for idempotent requests can only be used with the same parameters" in str(refused.value)
    assert "'order-9'" in str(refused.value)
    with pytest.raises(stripe.IdempotencyError, match="same endpoint they were first used for"):
        till.client.v1.customers.create({}, {"idempotency_key": "order-9"})


def test_a_refusal_during_execution_is_replayed(till: Till) -> None:
    paid = till.captured()
    for _ in range(2):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            till.client.v1.payment_intents.capture(paid.id, options={"idempotency_key": "capture-1"})
    assert refused.value.headers["idempotent-replayed"] == "true"


def test_a_mistake_in_the_parameters_is_not_kept(till: Till) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        till.intent(3, key="order-10")
    assert till.intent(43200, key="order-10").amount == 43200


def test_a_key_is_forgotten_after_a_day(till: Till) -> None:
    first = till.intent(key="order-11")
    till.running.advance(seconds=23 * 3600)
    assert till.intent(key="order-11").id == first.id
    till.running.advance(seconds=2 * 3600)
    assert till.intent(key="order-11").id != first.id


def test_a_key_may_be_255_characters_long(till: Till) -> None:
    till.intent(key="k" * 255)
    with pytest.raises(stripe.InvalidRequestError, match="255 characters"):
        till.intent(key="k" * 256)


def test_a_second_request_meets_the_first_one_under_way(till: Till) -> None:
    till.running.fault("slow_answer", on="POST /v1/payment_intents", settings={"seconds": 1.0})
    made: list[str] = []
    first = threading.Thread(target=lambda: made.append(till.intent(key="order-12").id))
    first.start()
    assert soon(till.events)
    with pytest.raises(stripe.APIError) as refused:
        till.intent(key="order-12")
    assert (refused.value.http_status, refused.value.error.code) == (409, "idempotency_key_in_use")
    first.join()
    assert [till.intent(key="order-12").id] == made


def test_the_library_itself_waits_for_the_first(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HTTPClient, "INITIAL_DELAY", 0.5)  # as in a shop; other tests need not wait
    patient = client_of(till.running, retries=3)
    till.running.fault("slow_answer", on="POST /v1/customers", settings={"seconds": 0.3})

    def create() -> str:
        return patient.v1.customers.create({"name": "A. Shopper"}, {"idempotency_key": "customer-1"}).id

    first, second = in_threads(create, create)
    assert first == second


# --- locks ---


@pytest.fixture
def changing(till: Till) -> Iterator[stripe.PaymentIntent]:
    """An intent that a slow request is changing right now."""
    intent = till.intent()
    till.running.fault("slow_before", on=f"POST /v1/payment_intents/{intent.id}", settings={"seconds": 1.0})
    slow = threading.Thread(target=lambda: till.client.v1.payment_intents.update(intent.id, {"description": "slow"}))
    slow.start()
    assert soon(lambda: intent.id in till.running.world.held)
    yield intent
    slow.join()
    assert till.now(intent).description == "slow"


def test_two_changes_of_one_object_do_not_overlap(till: Till, changing: stripe.PaymentIntent) -> None:
    with pytest.raises(stripe.RateLimitError) as refused:
        till.client.v1.payment_intents.update(changing.id, {"description": "mine"})
    assert (refused.value.http_status, refused.value.error.code) == (429, "lock_timeout")
    assert refused.value.headers["stripe-should-retry"] == "true"


def test_a_slow_request_keeps_nobody_else_waiting(till: Till, changing: stripe.PaymentIntent) -> None:
    other = till.intent()
    till.client.v1.payment_intents.update(other.id, {"description": "other"})
    assert till.now(changing).description is None  # still under way, and reading it needs no lock


# --- lists, search, expand ---


def test_a_list_is_walked_page_by_page(till: Till) -> None:
    customer = till.client.v1.customers.create({"name": "A. Shopper"}).id
    made = [till.intent(5000 + 100 * n, customer=customer).id for n in range(5)]
    walked = till.client.v1.payment_intents.list({"customer": customer, "limit": 2})
    assert [i.id for i in walked.data] == made[:2:-1]
    assert walked.has_more
    assert [i.id for i in walked.auto_paging_iter()] == made[::-1]
    before = till.client.v1.payment_intents.list({"customer": customer, "limit": 2, "ending_before": made[0]})
    assert [i.id for i in before.data] == [made[2], made[1]]
    assert before.has_more


def test_every_list_has_its_cursors(till: Till) -> None:
    sales = [till.captured(5000 + 100 * n) for n in range(3)]
    for sale in sales:
        till.refund(sale, amount=100)
    door = till.client.v1
    for walk in (
        door.payment_intents, door.charges, door.refunds, door.customers, door.events, door.balance_transactions,
        door.terminal.readers, door.terminal.locations,
    ):  # fmt: skip
        if walk is door.customers:
            [walk.create({"name": "A. Shopper"}) for _ in range(3)]
        if walk is door.terminal.locations:
            [walk.create({"display_name": "Here", "address": {"country": "GB"}}) for _ in range(3)]
        if walk is door.terminal.readers:
            [walk.create({"registration_code": "simulated-wpe"}) for _ in range(3)]
        whole = [one.id for one in walk.list({"limit": 3}).data]
        assert len(set(whole)) == 3
        assert [one.id for one in walk.list({"limit": 2, "starting_after": whole[0]}).data] == whole[1:]
        assert [one.id for one in walk.list({"limit": 1, "ending_before": whole[2]}).data] == [whole[1]]


def test_the_balance_says_what_came_and_what_left(till: Till) -> None:
    sale = till.captured()
    refund = till.refund(sale, amount=5000)
    left, came = till.client.v1.balance_transactions.list({"limit": 2, "expand": ["data.source"]}).data
    assert (came.type, came.amount, came.source.id) == ("charge", 43200, till.now(sale).latest_charge)
    assert (left.type, left.amount, left.source.id) == ("refund", -5000, refund.id)
    for only in ({"source": refund.id}, {"type": "refund", "limit": 1}):
        assert [line.id for line in till.client.v1.balance_transactions.list(only).data] == [left.id]


def test_a_search_is_walked_page_by_page(till: Till) -> None:
    made = [till.intent(metadata={"order_id": "V-walk"}).id for _ in range(5)]
    query = {"query": "metadata['order_id']:'V-walk'", "limit": 2}
    first = till.client.v1.payment_intents.search(query)
    assert (len(first.data), first.has_more) == (2, True)
    assert [found.id for found in first.auto_paging_iter()] == made[::-1]
    with pytest.raises(stripe.InvalidRequestError):
        till.client.v1.payment_intents.search({**query, "page": "somewhere"})


def test_a_list_refuses_a_bad_limit_and_a_foreign_cursor(till: Till) -> None:
    for wrong in ({"limit": 101}, {"limit": 0}, {"starting_after": "pi_nobody"}):
        with pytest.raises(stripe.InvalidRequestError):
            till.client.v1.payment_intents.list(wrong)


def test_a_sale_is_found_by_its_order(till: Till) -> None:
    mine = till.authorised(metadata={"order_id": "V-find-me"})
    till.intent(metadata={"order_id": "V-find-me"})
    search = till.client.v1.payment_intents.search
    assert len(search({"query": "metadata['order_id']:'V-find-me'"}).data) == 2
    both = search({"query": "metadata['order_id']:'V-find-me' AND status:'requires_capture'"}).data
    assert [found.id for found in both] == [mine.id]
    held = search({"query": 'metadata["order_id"]:"V-find-me" AND -status:\'requires_payment_method\''}).data
    assert [found.id for found in held] == [mine.id]
    assert search({"query": "amount>43199 AND metadata['order_id']:'V-nobody'"}).data == []
    assert len(search({"query": "metadata['order_id']:'V-find-me'", "limit": 1}).data) == 1


@pytest.mark.parametrize("query", ["", "order", "metadata:'x'", "colour:'red'", "status:'a' AND amount>1 OR amount<2"])
def test_a_query_that_makes_no_sense_is_refused(till: Till, query: str) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        till.client.v1.payment_intents.search({"query": query})


def test_search_may_lag_behind(till: Till) -> None:
    till.intent(metadata={"order_id": "V-young"})
    till.running.fault("search_lag", times=None)
    query = {"query": "metadata['order_id']:'V-young'"}
    assert till.client.v1.payment_intents.search(query).data == []
    till.running.advance(seconds=61)
    assert len(till.client.v1.payment_intents.search(query).data) == 1


def test_an_answer_is_expanded_where_asked(till: Till) -> None:
    sale = till.captured()
    intents = till.client.v1.payment_intents.list({"limit": 1, "expand": ["data.latest_charge.balance_transaction"]})
    assert intents.data[0].latest_charge.balance_transaction.amount == 43200
    reader = till.client.v1.terminal.readers.retrieve(
        till.reader, {"expand": ["location", "action.process_payment_intent.payment_intent.payment_method"]}
    )
    assert reader.location.object == "terminal.location"
    assert reader.action.process_payment_intent.payment_intent.payment_method.type == "card_present"
    assert isinstance(till.now(sale).latest_charge, str)


@pytest.mark.parametrize("path", ["amount", "latest_charge.amount", "colour", "data.latest_charge", "review.x",
                                  "latest_charge.payment_intent.latest_charge.payment_intent.customer"])  # fmt: skip
def test_what_cannot_be_expanded_is_refused(till: Till, path: str) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        till.now(till.intent(), path)


def test_what_cannot_be_expanded_is_refused_before_anything_is_done(till: Till) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        till.intent(expand=["amount"])
    assert till.events() == []


# --- readers, locations, events ---


def test_simulated_readers_register_as_their_kind(till: Till) -> None:
    readers = till.client.v1.terminal.readers
    for code, kind in (("simulated-wpe", "simulated_wisepos_e"), ("simulated-s700", "simulated_stripe_s700")):
        made = readers.create({"registration_code": code, "metadata": {"till": "3"}})
        assert (made.device_type, made.status, made.action, made.ip_address) == (kind, "online", None, "0.0.0.0")
        assert made.label.startswith(f"{code}-")
        assert made.serial_number.startswith("simulated-")
        assert made.last_seen_at > 1_000_000_000_000  # milliseconds, unlike every other time
    assert readers.update(made.id, {"label": "Window"}).label == "Window"
    assert [r.id for r in readers.list({"device_type": "simulated_stripe_s700", "limit": 1}).data] == [made.id]
    assert readers.delete(made.id).deleted is True
    with pytest.raises(stripe.InvalidRequestError):
        readers.retrieve(made.id)
    with pytest.raises(stripe.InvalidRequestError):
        readers.create({"registration_code": "quick-brown-fox"})


def test_a_location_is_made_and_found(till: Till) -> None:
    locations = till.client.v1.terminal.locations
    made = locations.create({"display_name": "Second boutique", "address": {"country": "GB", "city": "Bath"}})
    locations.update(made.id, {"metadata": {"code": "BTH"}})
    assert locations.retrieve(made.id).metadata["code"] == "BTH"
    assert made.id in [location.id for location in locations.list({"limit": 100}).data]


def test_what_happened_can_be_read_again(till: Till) -> None:
    till.captured()
    events = till.client.v1.events
    last = events.list({"limit": 1, "type": "charge.*"}).data[0]
    assert (last.type, last.data.object.object, last.api_version) == ("charge.captured", "charge", API_VERSION)
    assert last.request.id.startswith("req_")
    assert events.retrieve(last.id).type == "charge.captured"
    made = events.list({"created": {"gte": last.created}, "type": "payment_intent.*", "limit": 1})
    assert made.data[0].type == "payment_intent.succeeded"
    assert events.list({"created": {"gt": last.created + 60}}).data == []
    assert {e.type for e in events.list({"types": ["charge.captured", "payment_intent.succeeded"], "limit": 2})} == {
        "charge.captured",
        "payment_intent.succeeded",
    }
