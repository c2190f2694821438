UPDATE worker_leave SET path = worker.path
FROM worker
WHERE worker.id = worker_leave.worker_id AND worker_leave.path <> worker.path
