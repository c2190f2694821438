-- The oldest due job that nobody runs; a running one whose lease has passed is free again.
UPDATE job SET state = 'running', attempts = attempts + 1,
    lease_until = now() + make_interval(secs => :lease_s)
WHERE id = (
    SELECT id FROM job
    WHERE kind = ANY(:kinds)
        AND ((state = 'queued' AND run_at <= now()) OR (state = 'running' AND lease_until < now()))
    ORDER BY run_at, id
    FOR UPDATE SKIP LOCKED
    LIMIT 1
)
RETURNING id, kind, payload, attempts, actor
