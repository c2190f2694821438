-- What people mean by the cells of an area in one publication, parents before children.
SELECT version.code, version.name, version.level, parent.code AS parent, version.cell_id
FROM cell_version AS version
LEFT JOIN cell_version AS parent ON parent.cell_id = version.parent_id AND parent.during @> :number
WHERE version.during @> :number AND version.path >= :low AND version.path < :high
ORDER BY version.level, version.code
