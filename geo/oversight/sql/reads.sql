SELECT id, at, action, subjects FROM audit_record
WHERE account_id = :account AND at >= :since AND at < :until AND action = ANY(:actions)
    AND outcome = 'done' AND subject_kind = 'household' AND cardinality(subjects) > 0
ORDER BY at, id
