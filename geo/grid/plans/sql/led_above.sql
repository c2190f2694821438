-- Whether somebody answers first for one of some cells now.
SELECT EXISTS (
    SELECT FROM assignment
    JOIN cell_version AS version ON version.cell_id = assignment.cell_id
        AND version.during @> :number
    WHERE version.path = ANY(:paths) AND assignment.is_primary
        AND assignment.valid_from <= :now
        AND (assignment.valid_to IS NULL OR assignment.valid_to > :now)
)
