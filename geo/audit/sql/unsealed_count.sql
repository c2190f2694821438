SELECT count(*) FROM audit_record AS record
WHERE record.xid >= :floor
    AND NOT EXISTS (SELECT FROM audit_link WHERE audit_link.record_id = record.id)
