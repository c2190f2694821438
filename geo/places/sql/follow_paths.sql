UPDATE building SET path = version.path
FROM cell_version AS version
WHERE version.cell_id = ANY(:cell_ids) AND version.during @> :number
    AND building.cell_id = version.cell_id AND building.path <> version.path
RETURNING building.id
