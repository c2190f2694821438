-- Leaves that meet an area and lie outside it: what an edit on its outline may node.
SELECT version.code, ST_AsBinary(shape.geom) AS geom
FROM cell_shape AS area
JOIN cell_shape AS shape ON shape.geom && area.geom AND ST_Intersects(shape.geom, area.geom)
JOIN cell_version AS version ON version.cell_id = shape.cell_id AND version.during @> :number
WHERE area.cell_id = :cell_id AND area.during @> :number
    AND shape.during @> :number AND NOT shape.derived
    AND NOT (version.path >= :low AND version.path < :high)
ORDER BY version.code
