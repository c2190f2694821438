-- Every cell as it stood in one publication, parents before children, leaves with their own shape.
SELECT version.cell_id, version.code, version.name, version.level, parent.code AS parent_code,
    version.path, shape.derived, shape.area_m2, ST_AsBinary(shape.geom) AS geom
FROM cell_version AS version
LEFT JOIN cell_version AS parent ON parent.cell_id = version.parent_id AND parent.during @> :number
JOIN cell_shape AS shape ON shape.cell_id = version.cell_id AND shape.during @> :number
WHERE version.during @> :number
    AND (CAST(:low AS text) IS NULL OR (version.path >= :low AND version.path < :high))
ORDER BY version.level, version.code
