-- Buildings that may lie elsewhere after a publication: those of cells that were drawn anew, and
-- those in the boxes of their shapes, for one on a border may go to the cell beside it.
SELECT id, path, ST_AsBinary(point) AS point FROM building WHERE cell_id = ANY(:drawn_ids)
UNION
SELECT building.id, building.path, ST_AsBinary(building.point)
FROM cell_shape AS drawn
JOIN building ON building.point && drawn.geom
WHERE drawn.cell_id = ANY(:drawn_ids) AND NOT drawn.derived
    AND (drawn.during @> :number OR upper(drawn.during) = :number)
