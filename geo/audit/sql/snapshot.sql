-- Whether this is the one who seals, and which transactions were running a moment before.
SELECT pg_try_advisory_xact_lock(:key) AS mine,
    pg_snapshot_xmin(now_seen)::text::bigint AS xmin,
    pg_snapshot_xmax(now_seen)::text::bigint AS xmax,
    ARRAY(SELECT running::text::bigint FROM pg_snapshot_xip(now_seen) AS running) AS running
FROM pg_current_snapshot() AS now_seen
