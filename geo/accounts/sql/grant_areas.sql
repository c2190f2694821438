-- The paths of the cells that some roles are for, as they are or were at last.
SELECT DISTINCT ON (role_grant.id) role_grant.id, version.path
FROM role_grant
JOIN cell_version AS version ON version.cell_id = role_grant.cell_id
WHERE role_grant.id = ANY(:ids)
ORDER BY role_grant.id, lower(version.during) DESC
