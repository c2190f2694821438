-- Whoever runs it learns so at its next progress: the lease is gone.
UPDATE job SET state = 'failed', lease_until = NULL, finished_at = now(), error = :error
WHERE id = :id AND state IN ('queued', 'running')
