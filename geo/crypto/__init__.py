"""Protected fields: encrypted at rest, masked beside, found by a blind index."""
