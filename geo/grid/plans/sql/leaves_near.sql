-- Leaves around what operations name or draw, and the leaves around those: all that they can change,
-- with the ring that is proved with it.
WITH named AS (
    SELECT shape.geom
    FROM cell_version AS version
    JOIN cell_shape AS shape ON shape.cell_id = version.cell_id AND shape.during @> :number
    WHERE version.code = ANY(:codes) AND version.during @> :number AND NOT shape.derived
    UNION ALL
    SELECT ST_SetSRID(CAST(box AS geometry), 4326) FROM unnest(CAST(:boxes AS text[])) AS box
), first AS MATERIALIZED (
    SELECT DISTINCT near.id, near.geom
    FROM named JOIN cell_shape AS near ON near.geom && named.geom
    WHERE near.during @> :number AND NOT near.derived
), second AS MATERIALIZED (
    SELECT DISTINCT near.id
    FROM first JOIN cell_shape AS near ON near.geom && first.geom
    WHERE near.during @> :number AND NOT near.derived
)
SELECT version.code, version.path >= :low AND version.path < :high AS inside,
    ST_AsBinary(shape.geom) AS geom
FROM second
JOIN cell_shape AS shape ON shape.id = second.id
JOIN cell_version AS version ON version.cell_id = shape.cell_id AND version.during @> :number
