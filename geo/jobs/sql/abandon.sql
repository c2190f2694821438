-- Jobs of other programs whose process has died: nobody here can run them again.
UPDATE job SET state = 'failed', lease_until = NULL, finished_at = now(),
    error = 'the process that ran it has ended'
WHERE state = 'running' AND lease_until < now() AND NOT (kind = ANY(:kinds))
