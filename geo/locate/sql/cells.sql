-- Every cell of a publication, upper ones first; a leaf with the row of its own shape.
SELECT version.cell_id, version.code, version.name, version.level, version.parent_id,
    shape.id AS shape_id
FROM cell_version AS version
LEFT JOIN cell_shape AS shape
    ON shape.cell_id = version.cell_id AND shape.during @> :number AND NOT shape.derived
WHERE version.during @> :number
ORDER BY version.level, version.code
