-- How many people an account was given on each local day on which it was given any.
SELECT count(DISTINCT subject) AS people
FROM audit_record, unnest(subjects) AS subject
WHERE account_id = :account AND at >= :since AND at < :until AND action = ANY(:actions)
    AND outcome = 'done' AND subject_kind = 'household'
GROUP BY at::date
