-- Leaves around what operations name or draw, and the leaves around those: all that they can change,
-- with the ring that is proved with it.
WITH named AS (
    SELECT shape.geom
    FROM cell_version AS version
    JOIN cell_shape AS shape ON shape.cell_id = version.cell_id AND shape.during @> :number
    WHERE version.code = ANY(:codes) AND version.during @> :number AND NOT shape.derived
    UNION ALL
    SELECT ST_SetSRID(CAST(box AS geometry), 4326) FROM unnest(CAST(:boxes AS text[])) AS box
), place AS MATERIALIZED (
    SELECT row_number() OVER () AS number, ST_Envelope(geom) AS box FROM named
), ring AS MATERIALIZED (
    SELECT ST_SetSRID(CAST(ST_Extent(near.geom) AS geometry), 4326) AS box
    FROM place JOIN cell_shape AS near ON near.geom && place.box
    WHERE near.during @> :number AND NOT near.derived
    GROUP BY place.number
), near AS MATERIALIZED (
    SELECT DISTINCT near.id
    FROM ring JOIN cell_shape AS near ON near.geom && ring.box
    WHERE near.during @> :number AND NOT near.derived
)
SELECT version.code, version.path >= :low AND version.path < :high AS inside,
    ST_AsBinary(shape.geom) AS geom
FROM near
JOIN cell_shape AS shape ON shape.id = near.id
JOIN cell_version AS version ON version.cell_id = shape.cell_id AND version.during @> :number
