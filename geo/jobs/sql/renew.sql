UPDATE job SET lease_until = now() + make_interval(secs => :lease_s),
    step = COALESCE(:step, step), done = COALESCE(:done, done), total = COALESCE(:total, total)
WHERE id = :id AND attempts = :attempts AND state = 'running'
