INSERT INTO cell_lineage (publication, from_cell_id, to_cell_id, kind, area_m2)
SELECT :number, origin.cell_id, target.cell_id, moved.kind, moved.area_m2
FROM pg_temp.next_lineage AS moved
JOIN pg_temp.next_cell AS origin ON origin.code = moved.from_code
JOIN pg_temp.next_cell AS target ON target.code = moved.to_code
