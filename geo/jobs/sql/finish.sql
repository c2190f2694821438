UPDATE job SET state = :state, lease_until = NULL, finished_at = now(),
    result = CAST(:result AS jsonb), error = :error
WHERE id = :id AND attempts = :attempts AND state = 'running'
