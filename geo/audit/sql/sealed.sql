-- Links in their order, each with its record as it is now.
SELECT link.seq, link.record_id, link.digest,
    COALESCE(to_char(link.keep_until, 'YYYY-MM-DD'), ''), link.floor,
    COALESCE(to_char(link.sealed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), ''), link.hash,
    EXTRACT(epoch FROM CASE WHEN isfinite(record.at) THEN record.at END)::float8 AS instant,
    record.id::text, to_char(record.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'),
    record.xid::text, record.actor, record.account_id::text, record.action, record.outcome,
    record.subject_kind, record.subjects::text, record.count::text, record.area, record.reason,
    record.before::text, record.after::text, record.request_id, record.address
FROM audit_link AS link
LEFT JOIN audit_record AS record ON record.id = link.record_id
WHERE link.seq > :after
ORDER BY link.seq
LIMIT :most
