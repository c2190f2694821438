UPDATE boundary_plan SET path = version.path
FROM cell_version AS version
WHERE version.cell_id = ANY(:cell_ids) AND version.during @> :number
    AND boundary_plan.cell_id = version.cell_id AND boundary_plan.path <> version.path
