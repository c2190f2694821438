-- Every time one row was given out or changed, with the name of who did it: those of a day that
-- were done alike and for one reason are one line, the last one first. A look at the audit alone
-- shows nothing of the row.
SELECT audit_record.actor, account.name, audit_record.action, count(*) AS times,
    min(audit_record.at) AS first_at, max(audit_record.at) AS last_at, audit_record.reason
FROM audit_record LEFT JOIN account ON account.id = audit_record.account_id
WHERE audit_record.id IN (SELECT audit_record_on(:kind, :subject))
    AND audit_record.outcome = 'done' AND audit_record.action NOT LIKE 'audit.%'
GROUP BY audit_record.actor, account.name, audit_record.action, audit_record.reason,
    CAST(audit_record.at AT TIME ZONE :zone AS date)
ORDER BY max(audit_record.at) DESC, audit_record.actor, audit_record.action, audit_record.reason
