"""What each operation takes: the parameters of Stripe 2026-10-28.endive, as data.

UNSERVED marks those Stripe knows and this stand-in does not act on: they are refused, never silently swallowed.
"""

from typing import Final

from pos.sandbox.stripe.form import BOOL, INT, METADATA, STR, UNSERVED, Form, Many

CREATED: Final = {"gt": INT, "gte": INT, "lt": INT, "lte": INT}
PAGE: Final = {"limit": INT, "starting_after": STR, "ending_before": STR}
ADDRESS: Final = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"), STR)
REDISPLAY: Final = ("always", "limited", "unspecified")
REASONS: Final = ("duplicate", "fraudulent", "requested_by_customer")
CAPTURE: Final = ("automatic", "automatic_async", "manual")

_CARD_PRESENT: Final = {
    "capture_method": ("manual", "manual_preferred"),
    "request_extended_authorization": BOOL,
    "request_incremental_authorization_support": BOOL,
    "routing": UNSERVED,
}
_INTENT_COMMON: Final = {
    "allowed_payment_method_types": Many(STR),
    "amount": INT,
    "capture_method": CAPTURE,
    "currency": STR,
    "customer": STR,
    "description": STR,
    "metadata": METADATA,
    "payment_method": STR,
    "payment_method_options": {"card_present": _CARD_PRESENT},
    "receipt_email": STR,
    "setup_future_usage": ("off_session", "on_session"),
    "statement_descriptor": STR,
    "statement_descriptor_suffix": STR,
    **dict.fromkeys(
        (
            "amount_details",
            "application_fee_amount",
            "customer_account",
            "excluded_payment_method_types",
            "hooks",
            "payment_details",
            "payment_method_configuration",
            "payment_method_data",
            "shipping",
            "transfer_data",
            "transfer_group",
        ),
        UNSERVED,
    ),
}
_CONFIRMING: Final = {
    "error_on_requires_action": BOOL,
    "off_session": BOOL,
    "return_url": STR,
    "use_stripe_sdk": BOOL,
    **dict.fromkeys(("confirmation_token", "mandate", "mandate_data", "radar_options"), UNSERVED),
}

INTENT_CREATE: Final = Form(
    {
        **_INTENT_COMMON,
        **_CONFIRMING,
        "automatic_payment_methods": {"enabled": BOOL, "allow_redirects": ("always", "never")},
        "confirm": BOOL,
        "confirmation_method": ("automatic", "manual"),
        "on_behalf_of": UNSERVED,
    },
    required=("amount", "currency"),
    refuses_types=True,
)
INTENT_UPDATE: Final = Form(_INTENT_COMMON, refuses_types=True)
INTENT_CONFIRM: Final = Form(
    {
        **_CONFIRMING,
        "allowed_payment_method_types": Many(STR),
        "capture_method": CAPTURE,
        "payment_method": STR,
        "receipt_email": STR,
        "setup_future_usage": ("off_session", "on_session"),
        **dict.fromkeys(
            (
                "amount_details",
                "amount_to_confirm",
                "excluded_payment_method_types",
                "hooks",
                "payment_details",
                "payment_method_data",
                "payment_method_options",
                "shipping",
            ),
            UNSERVED,
        ),
    },
    refuses_types=True,
)
INTENT_CAPTURE: Final = Form(
    {
        "amount_to_capture": INT,
        "metadata": METADATA,
        "statement_descriptor": STR,
        "statement_descriptor_suffix": STR,
        **dict.fromkeys(
            ("amount_details", "application_fee_amount", "final_capture", "hooks", "payment_details", "transfer_data"),
            UNSERVED,
        ),
    }
)
INTENT_CANCEL: Final = Form(
    {"cancellation_reason": ("abandoned", "duplicate", "fraudulent", "requested_by_customer")},
)
INTENT_LIST: Final = Form({**PAGE, "created": CREATED, "customer": STR, "customer_account": UNSERVED})
SEARCH: Final = Form({"query": STR, "limit": INT, "page": STR}, required=("query",))
CHARGE_LIST: Final = Form(
    {**PAGE, "created": CREATED, "customer": STR, "payment_intent": STR, "transfer_group": UNSERVED}
)

_CUSTOMER: Final = {
    "address": ADDRESS,
    "description": STR,
    "email": STR,
    "metadata": METADATA,
    "name": STR,
    "phone": STR,
    "preferred_locales": Many(STR),
    **dict.fromkeys(
        (
            "balance",
            "business_name",
            "cash_balance",
            "individual_name",
            "invoice_prefix",
            "invoice_settings",
            "next_invoice_sequence",
            "shipping",
            "source",
            "tax",
            "tax_exempt",
            "validate",
        ),
        UNSERVED,
    ),
}
CUSTOMER_CREATE: Final = Form({**_CUSTOMER, **dict.fromkeys(("payment_method", "tax_id_data", "test_clock"), UNSERVED)})
CUSTOMER_UPDATE: Final = Form({**_CUSTOMER, "default_source": UNSERVED})
CUSTOMER_LIST: Final = Form({**PAGE, "created": CREATED, "email": STR})
CUSTOMER_CARDS: Final = Form({**PAGE, "type": STR, "allow_redisplay": REDISPLAY})

REFUND_CREATE: Final = Form(
    {
        "amount": INT,
        "charge": STR,
        "payment_intent": STR,
        "metadata": METADATA,
        "reason": REASONS,
        **dict.fromkeys(
            ("currency", "customer", "instructions_email", "origin", "refund_application_fee", "reverse_transfer"),
            UNSERVED,
        ),
    }
)
REFUND_UPDATE: Final = Form({"metadata": METADATA})
BALANCE_LIST: Final = Form(
    {**PAGE, "created": CREATED, "currency": STR, "payout": UNSERVED, "source": STR, "type": STR}
)
REFUND_LIST: Final = Form({**PAGE, "created": CREATED, "charge": STR, "payment_intent": STR})

# Names of the library's SessionCreateParams: see known_differences, checkout_shapes.
SESSION_CREATE: Final = Form(
    {
        "allowed_payment_method_types": Many(STR),
        "cancel_url": STR,
        "client_reference_id": STR,
        "expires_at": INT,
        "line_items": Many(
            {
                "price_data": {
                    "currency": STR,
                    "product_data": {"name": STR, "description": STR},
                    "unit_amount": INT,
                },
                "quantity": INT,
            }
        ),
        "locale": STR,
        "metadata": METADATA,
        "mode": ("payment", "setup", "subscription"),
        "payment_intent_data": {"capture_method": CAPTURE, "description": STR, "metadata": METADATA},
        "success_url": STR,
        **dict.fromkeys(("currency", "customer", "customer_creation", "customer_email", "ui_mode"), UNSERVED),
    },
    required=("mode",),
    refuses_types=True,
)

READER_CREATE: Final = Form(
    {"registration_code": STR, "label": STR, "location": STR, "metadata": METADATA},
    required=("registration_code",),
)
READER_UPDATE: Final = Form({"label": STR, "metadata": METADATA})
READER_LIST: Final = Form(
    {**PAGE, "device_type": STR, "location": STR, "serial_number": STR, "status": ("offline", "online")}
)
PROCESS_INTENT: Final = Form(
    {
        "payment_intent": STR,
        "process_config": {
            "allow_redisplay": REDISPLAY,
            "enable_customer_cancellation": BOOL,
            "return_url": STR,
            "skip_tipping": BOOL,
            "tipping": {"amount_eligible": INT},
        },
    },
    required=("payment_intent",),
)
REFUND_AT_READER: Final = Form(
    {
        "amount": INT,
        "charge": STR,
        "payment_intent": STR,
        "metadata": METADATA,
        "refund_application_fee": UNSERVED,
        "refund_payment_config": {"enable_customer_cancellation": BOOL},
        "reverse_transfer": UNSERVED,
    }
)
READER_DISPLAY: Final = Form(
    {
        "type": ("cart",),
        "cart": {
            "currency": STR,
            "total": INT,
            "tax": INT,
            "line_items": Many({"amount": INT, "description": STR, "quantity": INT}),
        },
    },
    required=("type",),
)
PRESENT: Final = Form(
    {
        "type": ("card", "card_present", "interac_present"),
        "card_present": {"number": STR},
        "interac_present": {"number": STR},
        "card": UNSERVED,
        "amount_tip": INT,
    }
)

_LOCATION: Final = {
    "address": ADDRESS,
    "display_name": STR,
    "metadata": METADATA,
    "phone": STR,
    **dict.fromkeys(
        ("address_kana", "address_kanji", "configuration_overrides", "display_name_kana", "display_name_kanji"),
        UNSERVED,
    ),
}
LOCATION_CREATE: Final = Form(_LOCATION, required=("address", "display_name"))
LOCATION_UPDATE: Final = Form(_LOCATION)
PAGE_ONLY: Final = Form(PAGE)
EVENT_LIST: Final = Form({**PAGE, "created": CREATED, "type": STR, "types": Many(STR), "delivery_success": BOOL})
NOTHING: Final = Form()
