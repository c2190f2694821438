SELECT seq, hash, floor, record_id,
    to_char(sealed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') AS sealed_at
FROM audit_link
ORDER BY seq DESC
LIMIT 1
