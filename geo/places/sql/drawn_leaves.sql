-- Leaves in the boxes of cells that were drawn anew, in the order of the border rule.
WITH near AS MATERIALIZED (
    SELECT DISTINCT near.id
    FROM cell_shape AS drawn
    JOIN cell_shape AS near ON near.geom && drawn.geom
    WHERE drawn.cell_id = ANY(:drawn_ids) AND NOT drawn.derived
        AND (drawn.during @> :number OR upper(drawn.during) = :number)
        AND near.during @> :number AND NOT near.derived
)
SELECT version.cell_id, version.code, version.path, ST_AsBinary(shape.geom) AS geom
FROM near
JOIN cell_shape AS shape ON shape.id = near.id
JOIN cell_version AS version ON version.cell_id = shape.cell_id AND version.during @> :number
ORDER BY version.code
