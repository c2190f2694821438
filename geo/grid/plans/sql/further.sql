-- Leaves outside an area that meet a box: what new land may lie on or beside, however far away.
SELECT version.code, ST_AsBinary(shape.geom) AS geom
FROM cell_shape AS shape
JOIN cell_version AS version ON version.cell_id = shape.cell_id AND version.during @> :number
WHERE shape.geom && ST_GeomFromText(:box, 4326)
    AND shape.during @> :number AND NOT shape.derived
    AND NOT (version.path >= :low AND version.path < :high)
ORDER BY version.code
