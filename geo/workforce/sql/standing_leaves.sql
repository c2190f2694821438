-- Every leave that holds or is to hold, with all that ``away.sql`` gives of it.
SELECT leave.worker_id, leave.begins_at,
    LEAST(leave.ends_at, leave.ended_at) AS ends_at,
    worker.id AS substitute_id, worker.code, worker.name, worker.duty_phone_cipher,
    worker.employed_from, worker.employed_to
FROM worker_leave AS leave
LEFT JOIN worker ON worker.id = leave.substitute_id
WHERE (leave.ends_at IS NULL OR leave.ends_at > :moment)
    AND (leave.ended_at IS NULL OR (leave.ended_at > :moment AND leave.ended_at > leave.begins_at))
