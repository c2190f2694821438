-- Who of some workers is away at a moment, who stands in, and whether those are away themselves. Who
-- is not employed on the local day stands in for nobody.
WITH RECURSIVE holding AS NOT MATERIALIZED (
    SELECT leave.worker_id, leave.substitute_id FROM worker_leave AS leave
    WHERE leave.begins_at <= :moment
        AND (leave.ends_at IS NULL OR leave.ends_at > :moment)
        AND (leave.ended_at IS NULL OR leave.ended_at > :moment)
), away AS (
    SELECT worker_id, substitute_id FROM holding WHERE worker_id = ANY(:worker_ids)
    UNION
    SELECT holding.worker_id, holding.substitute_id
    FROM away JOIN holding ON holding.worker_id = away.substitute_id
)
SELECT away.worker_id, worker.id AS substitute_id, worker.code, worker.name, worker.duty_phone_cipher
FROM away
LEFT JOIN worker ON worker.id = away.substitute_id
    AND (worker.employed_from IS NULL
        OR worker.employed_from <= CAST(CAST(:moment AS timestamptz) AS date))
    AND (worker.employed_to IS NULL
        OR worker.employed_to > CAST(CAST(:moment AS timestamptz) AS date))
