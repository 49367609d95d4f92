"""What fits: rings, chains and tags from millimetres, companions from their breed, their weight, or a tape measure."""
