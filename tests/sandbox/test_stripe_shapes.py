"""The stand-in beside Stripe's published shapes: what it takes, what it answers, what may be expanded."""

import dataclasses
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings, strategies

from pos.sandbox.stripe import RunningStripe
from pos.sandbox.stripe.expand import EXPANDABLE
from pos.sandbox.stripe.form import Form, Many, decode
from pos.sandbox.stripe.operations import OPERATIONS, Operation
from pos.sandbox.stripe.settings import API_VERSION
from pos.sandbox.stripe.transcript import Transcript
from tests.sandbox import library
from tests.sandbox.openapi import Book, book, book_if_here, nested
from tests.sandbox.stripe_shop import DECLINED, Till


@pytest.fixture(scope="module")
def published() -> Book:
    return book()


def whole_day(till: Till) -> Transcript:
    """Every operation at least once: a day at the counter."""
    till.client.v1.terminal.locations.create({"display_name": "Bath", "address": {"country": "GB"}, "phone": "+44"})
    customer = till.client.v1.customers.create({"name": "A. Shopper"})
    intent = till.intent(customer=customer.id, setup_future_usage="off_session", description="Corner charm 12/50")
    till.send(intent, allow_redisplay="always")
    till.card(DECLINED)
    till.send(intent, allow_redisplay="always")
    till.card()
    till.client.v1.payment_intents.capture(intent.id, {"expand": ["latest_charge", "payment_method", "customer"]})
    till.refund(intent, amount=1000, metadata={"order_id": "V-1"})
    till.client.v1.payment_intents.cancel(till.authorised().id)
    till.client.v1.payment_intents.list({"created": {"gte": 1}, "limit": 3, "expand": ["data.customer"]})
    till.client.v1.charges.search({"query": "metadata['order_id']:'V-1'"})
    till.client.v1.customers.payment_methods.list(customer.id)
    till.client.v1.events.list({"limit": 100})
    return till.running.transcript


def test_a_whole_day_fits(till: Till, published: Book) -> None:
    assert published.mistakes(whole_day(till)) == []


def test_the_check_can_fail(till: Till, published: Book) -> None:
    """The twin: each way of being wrong is noticed."""
    said = whole_day(till)
    capture = said.exchanges("/capture")[0]
    created = next(e for e in said.exchanges("/payment_intents") if e.verb == "POST")
    event = said.events("charge.captured")[0]
    wrong = Transcript(10)
    wrong.exchange(dataclasses.replace(capture, answer=capture.answer.replace('"status":"succeeded"', '"status":1')))
    wrong.exchange(dataclasses.replace(created, form=created.form + "&payment_method_types[0]=card_present"))
    wrong.exchange(dataclasses.replace(created, form=created.form.replace("amount=43200", "amount=432.00")))
    wrong.event({**event, "data": {"object": {**event["data"]["object"], "captured": "yes"}}})
    found = published.mistakes(wrong)
    for trouble in ("is not of type 'string'", "payment_method_types", "'432.00'", "'yes' is not of type 'boolean'"):
        assert any(trouble in mistake for mistake in found), trouble


def test_every_operation_is_one_of_stripes(published: Book) -> None:
    ours = {(operation.verb, operation.path) for operation in OPERATIONS if not library.is_its(operation.path)}
    assert ours <= published.operations()


def test_the_library_s_own_types_notice_what_is_wrong_with_a_session(till: Till) -> None:
    """Where the file ends, the library is the book; and its check can fail."""
    price = {"currency": "gbp", "unit_amount": 43200, "product_data": {"name": "Order"}}
    made = till.client.v1.checkout.sessions.create(
        {
            "mode": "payment",
            "line_items": [{"quantity": 1, "price_data": price}],  # type: ignore[list-item]
            "success_url": "https://vitrine.example/",
        }
    )
    till.client.v1.checkout.sessions.retrieve(made.id)
    till.client.v1.checkout.sessions.expire(made.id)
    exchanges = till.running.transcript.exchanges("/v1/checkout/sessions")
    assert [one for exchange in exchanges for one in library.mistakes(exchange, nested(exchange.form))] == []
    first = exchanges[0]
    for form, answer, trouble in (
        (first.form + "&line_items[0][price_data][colour]=red", first.answer, "colour is not Stripe's"),
        (first.form, first.answer.replace('"expires_at"', '"ends_at"'), "expires_at is missing"),
        (first.form, first.answer.replace('"payment_status":"unpaid"', '"payment_status":null'), "is null"),
    ):
        wrong = dataclasses.replace(first, form=form, answer=answer)
        assert any(trouble in mistake for mistake in library.mistakes(wrong, nested(wrong.form))), trouble


def named(shape: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(shape, Mapping):
        yield from shape.items()


def check_form(published: Book, where: str, schema: dict[str, Any], shape: Mapping[str, Any]) -> list[str]:
    schema = published._resolved(schema)
    known = schema.get("properties", {})
    wrong = [f"{where}: {name} is not Stripe's" for name in shape if name not in known]
    for name, inner in named(shape):
        if name not in known:
            continue
        kind = published._resolved(known[name])
        if inner == "int" and "integer" not in str(kind.get("type", kind)):
            wrong.append(f"{where}: {name} is no integer")
        if inner == "bool" and "boolean" not in str(kind):
            wrong.append(f"{where}: {name} is no boolean")
        if isinstance(inner, Many) and "array" not in str(kind):
            wrong.append(f"{where}: {name} is no list")
        if isinstance(inner, Mapping) and name != "created":
            branch = next((b for b in kind.get("anyOf", [kind]) if "properties" in published._resolved(b)), kind)
            wrong += check_form(published, f"{where}[{name}]", branch, inner)
    return wrong


IN_THE_FILE = [operation for operation in OPERATIONS if not library.is_its(operation.path)]


@pytest.mark.parametrize("operation", IN_THE_FILE, ids=lambda o: f"{o.verb} {o.path}")
def test_parameters_are_stripes(published: Book, operation: Operation) -> None:
    described = published._paths[operation.path][operation.verb.lower()]
    if operation.verb == "GET":
        schema = {"properties": {p["name"]: p["schema"] for p in described["parameters"] if p["in"] == "query"}}
    else:
        content = described.get("requestBody", {}).get("content", {})
        schema = content.get("application/x-www-form-urlencoded", {}).get("schema", {})
    assert check_form(published, operation.path, schema, operation.takes.fields) == []
    required = set(published._resolved(schema).get("required", []))
    assert required <= set(operation.takes.required)


@pytest.mark.parametrize("operation", [o for o in IN_THE_FILE if o.verb == "POST"], ids=lambda o: o.path)
def test_no_parameter_of_stripes_is_a_surprise(published: Book, operation: Operation) -> None:
    """Each is served, or refused by its name as not served."""
    content = published._paths[operation.path]["post"].get("requestBody", {}).get("content", {})
    schema = published._resolved(content.get("application/x-www-form-urlencoded", {}).get("schema", {}))
    assert set(schema.get("properties", {})) - set(operation.takes.fields) - {"expand"} == set()


@pytest.mark.parametrize("kind", ["payment_intent", "charge", "refund", "customer", "payment_method"])
def test_what_may_be_expanded_is_what_stripe_expands(published: Book, kind: str) -> None:
    properties = published._components["schemas"][kind]["properties"]
    plain = {name for name, schema in properties.items() if schema.get("x-expandable")}
    served = {name for name in EXPANDABLE[kind] if "." not in name} - {"refunds"}
    assert served == plain


def test_the_version_is_the_librarys_own(till: Till) -> None:
    till.intent()
    assert till.running.transcript.exchanges("/payment_intents")[-1].version == API_VERSION
    sent = till.client.v1.payment_intents.list({"limit": 1}).last_response.headers["stripe-version"]
    assert sent == API_VERSION


def test_two_readers_of_brackets_agree() -> None:
    for text in ("a=1&b[c]=2&b[d][e]=3&l[0]=x&l[1]=y&metadata[a%20b]=%C2%A3", "expand[0]=latest_charge&empty="):
        assert decode(text) == nested(text)


def test_a_recorded_exchange_is_plain_data(till: Till) -> None:
    till.intent()
    said = till.running.transcript.as_dict()
    assert json.loads(json.dumps(said))["exchanges"][-1]["route"] == "/v1/payment_intents"
    assert isinstance(OPERATIONS[0].takes, Form)


WORDS = """
    amount currency gbp metadata expand created types query limit status:'x' payment_intent [ ] [0] [²] = & % %FF -1 ٣
    1_0 true gte page_² page ' card cart line_items allowed_payment_method_types registration_code simulated-wpe
"""
PIECES = sorted({*WORDS.split(), "\x00"})


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=strategies.lists(strategies.sampled_from(PIECES), max_size=8).map("".join),
    route=strategies.sampled_from([(o.verb, o.path) for o in OPERATIONS]),
)
def test_nothing_one_can_send_breaks_it(stand_in: RunningStripe, text: str, route: tuple[str, str]) -> None:
    verb, path = route[0], re.sub(r"{\w+}", "x_nobody", route[1])
    headers = {"Authorization": f"Bearer {stand_in.api_key}", "Content-Type": "application/x-www-form-urlencoded"}
    with httpx.Client(base_url=stand_in.url, headers=headers) as line:
        sent = (
            line.post(path, content=text) if verb == "POST" else line.request(verb, path + "?" + quote(text, "=&[]%"))
        )
    assert sent.status_code in (200, 400, 404), sent.text
    published = book_if_here()
    if sent.status_code != 200 and published is not None:
        assert published.object_mistakes("error", sent.json()) == []


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/v1/payment_intents", "amount=5000&currency=gbp&allowed_payment_method_types[0]=&metadata="),
        ("/v1/payment_intents", "amount=5000&currency=gbp&expand[0]="),
        ("/v1/payment_intents", "amount=5000&currency=gbp&payment_method_options[card_present]=x"),
        ("/v1/payment_intents", "amount=5000&amount[0]=1&currency=gbp"),
        ("/v1/terminal/readers/{reader}/set_reader_display", "type=cart&cart[currency]=gbp&cart[total]=1&cart[tax]="),
        ("/v1/terminal/readers/{reader}/set_reader_display", "type=cart&cart="),
        ("/v1/terminal/readers/{reader}/process_payment_intent", "payment_intent=&process_config="),
        ("/v1/terminal/locations", "display_name=x&address="),
    ],
)
def test_empty_and_ill_nested_values_are_answered(till: Till, path: str, form: str) -> None:
    headers = {
        "Authorization": f"Bearer {till.running.api_key}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    sent = httpx.post(till.running.url + path.format(reader=till.reader), content=form, headers=headers)
    assert sent.status_code in (200, 400), sent.text
