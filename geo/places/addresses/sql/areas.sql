-- Cells of a publication that people name in addresses, each with a point inside it.
SELECT version.cell_id AS id, version.code, version.name, version.level, version.path,
    coalesce(ST_X(place.geom), 0) AS lon, coalesce(ST_Y(place.geom), 0) AS lat
FROM cell_version AS version
LEFT JOIN cell_shape AS shape
    ON shape.cell_id = version.cell_id AND shape.during @> CAST(:number AS integer)
LEFT JOIN LATERAL (SELECT ST_PointOnSurface(shape.geom) AS geom) AS place ON true
WHERE version.during @> CAST(:number AS integer) AND version.level <= 3
ORDER BY version.cell_id
