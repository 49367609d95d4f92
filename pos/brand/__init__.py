"""What the brand watches: sell-through as it happens."""
