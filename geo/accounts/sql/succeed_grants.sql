-- A role in a cell that ended goes on in the cells that got its ground: the one that got most of it
-- (merged into), and those whose ground was mostly its own (parts of it).
WITH ended AS (
    SELECT role_grant.*, old.path, old.level
    FROM role_grant
    JOIN account ON account.id = role_grant.account_id AND account.ended_at IS NULL
    JOIN cell_version AS old
        ON old.cell_id = role_grant.cell_id AND old.during @> CAST(:number - 1 AS integer)
    WHERE role_grant.id = ANY(:ids)
), place AS (
    SELECT DISTINCT cell_id, path, level FROM ended
), leaf AS (
    SELECT place.cell_id AS ended_id, place.level, version.cell_id
    FROM place
    JOIN cell_version AS version
        ON starts_with(version.path, place.path)
        AND version.during @> CAST(:number - 1 AS integer)
), piece AS (
    SELECT leaf.ended_id, leaf.level, version.path, shape.area_m2
    FROM leaf
    JOIN cell_version AS version
        ON version.cell_id = leaf.cell_id AND upper_inf(version.during)
    JOIN cell_shape AS shape
        ON shape.cell_id = leaf.cell_id AND upper_inf(shape.during) AND NOT shape.derived
    UNION ALL
    SELECT leaf.ended_id, leaf.level, version.path, lineage.area_m2
    FROM leaf
    JOIN cell_lineage AS lineage
        ON lineage.publication = :number AND lineage.from_cell_id = leaf.cell_id
    JOIN cell_version AS version
        ON version.cell_id = lineage.to_cell_id AND upper_inf(version.during)
), heir AS (
    SELECT ended_id, CAST(NULLIF(split_part(path, '.', level), '') AS bigint) AS cell_id,
        sum(area_m2) AS area_m2
    FROM piece
    GROUP BY 1, 2
), ranked AS (
    SELECT heir.ended_id, heir.cell_id, heir.area_m2 * 2 >= shape.area_m2 AS is_part,
        row_number() OVER (
            PARTITION BY heir.ended_id ORDER BY heir.area_m2 DESC, heir.cell_id
        ) AS place
    FROM heir
    JOIN cell_shape AS shape ON shape.cell_id = heir.cell_id AND upper_inf(shape.during)
)
INSERT INTO role_grant (account_id, role, cell_id, case_types, valid_from, valid_to, granted_by)
SELECT DISTINCT ON (ended.account_id, ended.role, ranked.cell_id, ended.case_types)
    ended.account_id, ended.role, ranked.cell_id, ended.case_types,
    GREATEST(ended.valid_from, CAST(:now AS timestamptz)), ended.valid_to, publication.actor
FROM ended
JOIN ranked ON ranked.ended_id = ended.cell_id AND (ranked.place = 1 OR ranked.is_part)
JOIN publication ON publication.number = :number
WHERE NOT EXISTS (
    SELECT FROM role_grant AS standing
    WHERE standing.account_id = ended.account_id AND standing.role = ended.role
        AND standing.cell_id = ranked.cell_id
        AND standing.case_types IS NOT DISTINCT FROM ended.case_types
        AND standing.valid_from <= GREATEST(ended.valid_from, CAST(:now AS timestamptz))
        AND (standing.valid_to IS NULL OR standing.valid_to >= ended.valid_to)
)
ORDER BY ended.account_id, ended.role, ranked.cell_id, ended.case_types, ended.valid_to DESC
RETURNING id
