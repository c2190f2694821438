-- A leaf cell near a point outside every cell; its distance bounds the search for the nearest.
SELECT ST_Distance(
        ST_Scale(ST_Translate(near.geom, -:lon, -:lat), :east_m, :north_m),
        ST_SetSRID(ST_MakePoint(0, 0), 4326)
    ) AS distance_m
FROM (
    SELECT shape.geom
    FROM cell_shape AS shape
    WHERE NOT shape.derived AND shape.during @> :number
    ORDER BY shape.geom <-> ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)
    LIMIT 1
) AS near
