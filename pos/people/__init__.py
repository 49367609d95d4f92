"""People and tablets: who is here, and what they may do."""
