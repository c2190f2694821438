-- Powerful roles given to an account, and passwords set by somebody else on one that held such a role.
SELECT account.id AS account, record.id, record.actor
FROM audit_record AS record
CROSS JOIN unnest(record.subjects) AS account (id)
WHERE record.at >= :since AND record.at < :until AND record.outcome = 'done'
    AND record.subject_kind = 'account'
    AND (
        (record.action = 'grant.add' AND record.after ->> 'role' = ANY(:roles))
        OR (record.action = 'password.set' AND record.after -> 'must_change' = 'true'
            AND EXISTS (
                SELECT FROM role_grant
                WHERE role_grant.account_id = account.id AND role_grant.role = ANY(:roles)
                    AND role_grant.valid_from <= record.at
                    AND (role_grant.valid_to IS NULL OR role_grant.valid_to > record.at)
            ))
    )
ORDER BY account.id, record.id
