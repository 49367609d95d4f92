"""The outside world in a box, on loopback: a Stripe stand-in and an ESC/POS printer."""
