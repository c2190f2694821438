-- Who was given, or changed, one row: a line for each account and action, the last one first. A look
-- at the audit alone shows nothing of the row.
SELECT actor, account_id, action, count(*) AS times, min(at) AS first_at, max(at) AS last_at,
    (array_agg(reason ORDER BY id DESC) FILTER (WHERE reason <> ''))[1] AS reason
FROM audit_record
WHERE id IN (SELECT audit_record_on(:kind, :subject)) AND outcome = 'done'
    AND action NOT LIKE 'audit.%'
GROUP BY actor, account_id, action
ORDER BY max(at) DESC, actor, action
