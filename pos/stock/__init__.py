"""Stock: numbered pieces, whose they are, and how they change hands."""
