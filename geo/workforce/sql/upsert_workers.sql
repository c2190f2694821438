-- A duty phone without a mask was not given: what stands stays.
WITH updated AS (
    UPDATE worker SET name = next.name, cell_id = next.cell_id, path = next.path,
        duty_phone_cipher = CASE WHEN next.duty_phone_masked IS NULL
            THEN worker.duty_phone_cipher ELSE next.duty_phone_cipher END,
        duty_phone_masked = COALESCE(next.duty_phone_masked, worker.duty_phone_masked),
        duty_phone_blind = CASE WHEN next.duty_phone_masked IS NULL
            THEN worker.duty_phone_blind ELSE next.duty_phone_blind END
    FROM pg_temp.placed_worker AS next
    WHERE worker.id = next.id AND next.stands
)
INSERT INTO worker (
    id, code, name, cell_id, path, duty_phone_cipher, duty_phone_masked, duty_phone_blind
)
SELECT id, code, name, cell_id, path, duty_phone_cipher, COALESCE(duty_phone_masked, ''),
    duty_phone_blind
FROM pg_temp.placed_worker
WHERE NOT stands
ORDER BY id
