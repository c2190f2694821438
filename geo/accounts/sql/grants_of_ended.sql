-- Roles that stand, or will, in cells that are no more.
SELECT id FROM role_grant
WHERE cell_id = ANY(:cell_ids) AND (valid_to IS NULL OR valid_to > :now)
    AND NOT EXISTS (
        SELECT FROM cell_version AS own
        WHERE own.cell_id = role_grant.cell_id AND upper_inf(own.during)
    )
ORDER BY id
