-- The publication in effect at this very moment, not at the beginning of the transaction.
SELECT number FROM publication
WHERE effective_at <= clock_timestamp()
ORDER BY effective_at DESC
LIMIT 1
