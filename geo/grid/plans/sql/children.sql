-- The children of some cells as they are published, with their shapes.
SELECT parent.code AS parent, version.code, version.cell_id, shape.derived,
    ST_AsBinary(shape.geom) AS geom
FROM cell_version AS parent
JOIN cell_version AS version ON version.parent_id = parent.cell_id AND version.during @> :number
JOIN cell_shape AS shape ON shape.cell_id = version.cell_id AND shape.during @> :number
WHERE parent.code = ANY(:codes) AND parent.during @> :number
