"""Proof: signed certificates, their links, and how anyone checks them."""
