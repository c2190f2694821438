-- Cells of a publication that later ones changed in what they mean: told anew, drawn anew, ended.
-- A neighbour's vertex, or another path because a cell far above moved, is no such change.
SELECT before.code
FROM cell_version AS before
LEFT JOIN cell_version AS now ON now.cell_id = before.cell_id AND upper_inf(now.during)
WHERE before.during @> CAST(:base AS integer) AND NOT upper_inf(before.during)
    AND (now.cell_id IS NULL
        OR (now.code, now.name) <> (before.code, before.name)
        OR now.parent_id IS DISTINCT FROM before.parent_id)
UNION
SELECT version.code
FROM cell_shape AS before
JOIN cell_version AS version
    ON version.cell_id = before.cell_id AND version.during @> CAST(:base AS integer)
JOIN cell_shape AS later ON later.cell_id = before.cell_id AND lower(later.during) > :base
WHERE before.during @> CAST(:base AS integer) AND NOT upper_inf(before.during)
    AND NOT before.derived AND NOT later.noded
