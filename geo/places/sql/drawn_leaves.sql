-- Leaves in the boxes of cells that were drawn anew, in the order of the border rule.
SELECT version.cell_id, version.code, version.path, ST_AsBinary(shape.geom) AS geom
FROM cell_shape AS shape
JOIN cell_version AS version ON version.cell_id = shape.cell_id AND version.during @> :number
WHERE shape.during @> :number AND NOT shape.derived AND shape.cell_id IN (
    SELECT near.cell_id
    FROM cell_shape AS drawn
    JOIN cell_shape AS near ON near.geom && drawn.geom
    WHERE drawn.cell_id = ANY(:drawn_ids) AND NOT drawn.derived
        AND (drawn.during @> :number OR upper(drawn.during) = :number)
)
ORDER BY version.code
