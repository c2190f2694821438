"""What persons may ask about the data kept on them: requests, corrections, objection, erasure."""
