-- Accounts that were given people between two instants.
SELECT DISTINCT account_id FROM audit_record
WHERE at >= :since AND at < :until AND action = ANY(:actions) AND outcome = 'done'
    AND account_id IS NOT NULL AND cardinality(subjects) > 0
ORDER BY account_id
