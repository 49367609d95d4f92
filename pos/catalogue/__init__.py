"""The catalogue: a capsule's folder, checked as a whole, and then in the records."""
