-- Leaf cells within a distance of a point, nearest first, the lower code first at equal distance.
SELECT code, name, distance_m
FROM (
    SELECT version.cell_id, version.code, version.name, ST_Distance(
            ST_Scale(ST_Translate(shape.geom, -:lon, -:lat), :east_m, :north_m),
            ST_SetSRID(ST_MakePoint(0, 0), 4326)
        ) AS distance_m
    FROM cell_shape AS shape
    JOIN cell_version AS version
        ON version.cell_id = shape.cell_id AND version.during @> :number
    WHERE shape.geom && ST_Expand(
            ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), :radius_m / :east_m, :radius_m / :north_m
        )
        AND NOT shape.derived AND shape.during @> :number
) AS near
WHERE cell_id <> :own_id AND distance_m <= :radius_m
ORDER BY distance_m, code
LIMIT 8
