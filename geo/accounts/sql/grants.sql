-- Roles that stand now, each with the path its cell has in the publication in effect. A cell that is
-- gone has no path: a role there is for nobody's area, and left out.
SELECT role_grant.role, cell_version.path AS area, role_grant.case_types
FROM role_grant
LEFT JOIN cell_version
    ON cell_version.cell_id = role_grant.cell_id
    AND cell_version.during @> (
        SELECT number FROM publication
        WHERE effective_at <= now() ORDER BY effective_at DESC LIMIT 1
    )
WHERE role_grant.account_id = :account_id
  AND role_grant.valid_from <= now()
  AND (role_grant.valid_to IS NULL OR role_grant.valid_to > now())
  AND (role_grant.cell_id IS NULL) = (cell_version.path IS NULL)
ORDER BY role_grant.role, cell_version.path
