-- A second look at the same week finds the same; what somebody has reviewed stays as reviewed.
INSERT INTO audit_finding (week, account_id, rule, count, examples, given_by)
VALUES (:week, :account, :rule, :count, :examples, CAST(:given_by AS text[]))
ON CONFLICT (week, account_id, rule) DO UPDATE
SET count = EXCLUDED.count, examples = EXCLUDED.examples, given_by = EXCLUDED.given_by
WHERE audit_finding.reviewed_at IS NULL
