-- Links in their order, each with its record as it is now.
WITH part AS (
    SELECT * FROM audit_link WHERE seq > :after ORDER BY seq LIMIT :most
)
SELECT part.seq, part.record_id, part.digest,
    COALESCE(to_char(part.keep_until, 'YYYY-MM-DD'), ''), part.floor,
    COALESCE(to_char(part.sealed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), ''), part.hash,
    EXTRACT(epoch FROM CASE WHEN isfinite(record.at) THEN record.at END)::float8 AS instant,
    record.id::text, to_char(record.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'),
    record.xid::text, record.actor, record.account_id::text, record.action, record.outcome,
    record.subject_kind, record.subjects::text, record.count::text, record.area, record.reason,
    record.before::text, record.after::text, record.request_id, record.address
FROM part LEFT JOIN audit_record AS record ON record.id = part.record_id
ORDER BY part.seq
