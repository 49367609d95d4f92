"""The shop: rules and records. Imports no screen."""
