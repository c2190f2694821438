-- The path of the leaf cell that owns a point: it covers it, and of several the lower code.
SELECT version.path
FROM cell_shape AS shape
JOIN cell_version AS version
    ON version.cell_id = shape.cell_id AND version.during @> CAST(:number AS integer)
WHERE ST_Covers(shape.geom, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326))
    AND NOT shape.derived AND shape.during @> CAST(:number AS integer)
ORDER BY version.code
LIMIT 1
