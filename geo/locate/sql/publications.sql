-- Every publication and from when it holds, for telling which one holds at a moment.
SELECT number, effective_at FROM publication ORDER BY number
