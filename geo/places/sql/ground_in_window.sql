-- The ground in a window; buildings outside the area asked about are ground too, without counts.
SELECT kind, rank, name, width_m, ST_AsBinary(geom) AS geom
FROM (
    SELECT kind, rank, name, width_m, geom, id
    FROM ground_feature
    WHERE geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
    UNION ALL
    SELECT 'other_building', 0, '', 0, footprint, id
    FROM building
    WHERE point && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
        AND footprint IS NOT NULL AND NOT (path >= :low AND path < :high)
) AS feature
ORDER BY kind, id
