-- Some cells as they are published, with the code of their parent.
SELECT version.code, version.cell_id, version.level, parent.code AS parent, shape.derived,
    ST_AsBinary(shape.geom) AS geom
FROM cell_version AS version
LEFT JOIN cell_version AS parent ON parent.cell_id = version.parent_id AND parent.during @> :number
JOIN cell_shape AS shape ON shape.cell_id = version.cell_id AND shape.during @> :number
WHERE version.code = ANY(:codes) AND version.during @> :number
