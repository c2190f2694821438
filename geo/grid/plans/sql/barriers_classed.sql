-- Streets, rivers and rails across an area with how strongly they part cells.
SELECT ST_AsBinary(ground.geom) AS geom, ground.kind, ground.rank
FROM cell_shape AS area
JOIN ground_feature AS ground ON ground.geom && area.geom
WHERE area.cell_id = :cell_id AND area.during @> :number
    AND ground.kind IN ('street', 'railway', 'water')
ORDER BY ground.id
