-- Records without a link: those of transactions that were all sealed long ago were put in
-- afterwards, the others are seconds old.
SELECT count(*) FILTER (WHERE record.xid >= :floor) AS pending,
    min(record.id) FILTER (WHERE record.xid < :floor) AS inserted
FROM audit_record AS record
WHERE NOT EXISTS (SELECT FROM audit_link WHERE audit_link.record_id = record.id)
