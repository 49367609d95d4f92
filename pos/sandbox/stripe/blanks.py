"""What every object carries and a new one leaves empty, by kind (stripe 2026-10-28.endive)."""

from typing import Final

from pos.sandbox.stripe.errors import Thing

_EMPTY: Final = {
    "payment_intent": """
        application application_fee_amount allowed_payment_method_types automatic_payment_methods canceled_at
        cancellation_reason customer customer_account description excluded_payment_method_types last_payment_error
        latest_charge managed_payments next_action on_behalf_of payment_method payment_method_configuration_details
        payment_record processing receipt_email review setup_future_usage shipping source statement_descriptor
        statement_descriptor_suffix transfer_data transfer_group
    """,
    "charge": """
        application application_fee application_fee_amount balance_transaction failure_balance_transaction failure_code
        failure_message on_behalf_of receipt_number receipt_url review shipping source source_transfer transfer_data
        transfer_group
    """,
    "card_present": "brand_product cardholder_name generated_card offline",
    "checkout.session": """
        adaptive_pricing after_expiration allow_promotion_codes billing_address_collection branding_settings
        client_secret collected_information consent consent_collection currency_conversion customer customer_account
        customer_details customer_email discounts excluded_payment_method_types integration_identifier invoice
        invoice_creation managed_payments origin_context payment_intent payment_link payment_method_collection
        payment_method_configuration_details payment_method_options permissions phone_number_collection recovered_from
        saved_payment_method_options setup_intent shipping_address_collection shipping_cost submit_type subscription
        total_details wallet_options name_collection optional_items presentment_details redirect_on_completion
        return_url tax_id_collection
    """,
    "customer": """
        address currency default_source description discount email name phone shipping test_clock
    """,
    "refund": """
        balance_transaction customer_account receipt_number source_transfer_reversal transfer_reversal
    """,
}
_NAMES: Final = {kind: tuple(words.split()) for kind, words in _EMPTY.items()}


def empty(kind: str) -> Thing:
    """The fields of a kind that are null until something happens."""
    return dict.fromkeys(_NAMES[kind])
