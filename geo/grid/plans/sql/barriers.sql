-- Streets, rivers and rails across an area: what the ground of a building follows.
SELECT ST_AsBinary(ground.geom) AS geom
FROM cell_shape AS area
JOIN ground_feature AS ground ON ground.geom && area.geom
WHERE area.cell_id = :cell_id AND area.during @> :number
    AND ground.kind IN ('street', 'railway', 'water')
