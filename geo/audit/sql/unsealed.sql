-- Records that are committed and have no link, in the order of their transactions. Ids do not come
-- in the order of commits, and a transaction may stay open for an hour: a record is looked for from
-- its transaction on, and again as long as that was running at the last look. The links are asked one
-- by one: joined, all of them would be read for each few records.
WITH due AS (
    (SELECT record.id, record.xid FROM audit_record AS record
    WHERE record.xid = ANY(:running) AND (record.xid, record.id) > (:at_xid, :at_id)
        AND (SELECT seq FROM audit_link WHERE audit_link.record_id = record.id) IS NULL
    ORDER BY record.xid, record.id LIMIT :most)
    UNION ALL
    (SELECT record.id, record.xid FROM audit_record AS record
    WHERE record.xid >= :since AND (record.xid, record.id) > (:at_xid, :at_id)
        AND record.xid < COALESCE(:until, pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
        AND (SELECT seq FROM audit_link WHERE audit_link.record_id = record.id) IS NULL
    ORDER BY record.xid, record.id LIMIT :most)
    ORDER BY xid, id LIMIT :most
)
SELECT record.id, record.xid, record.action,
    (CASE WHEN isfinite(record.at) THEN record.at ELSE now() END)::date AS day,
    record.id::text, to_char(record.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'),
    record.xid::text, record.actor, record.account_id::text, record.action, record.outcome,
    record.subject_kind, record.subjects::text, record.count::text, record.area, record.reason,
    record.before::text, record.after::text, record.request_id, record.address
FROM due JOIN audit_record AS record ON record.id = due.id
ORDER BY due.xid, due.id
