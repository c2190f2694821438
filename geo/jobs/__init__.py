"""Long work: one job table and one loop, with lease and progress."""
