-- Roles of some accounts, ended ones too, each with what its cell is called now, or was at last.
WITH current AS (
    SELECT number FROM publication
    WHERE effective_at <= now() ORDER BY effective_at DESC LIMIT 1
)
SELECT
    role_grant.id,
    role_grant.account_id,
    role_grant.role,
    role_grant.cell_id,
    named.code AS cell_code,
    named.name AS cell_name,
    coalesce(named.path, '') AS area,
    role_grant.case_types,
    role_grant.valid_from,
    role_grant.valid_to,
    role_grant.granted_by,
    role_grant.valid_from <= now()
        AND (role_grant.valid_to IS NULL OR role_grant.valid_to > now())
        AND (role_grant.cell_id IS NULL OR coalesce(named.holds, false)) AS stands
FROM role_grant
LEFT JOIN LATERAL (
    SELECT code, name, path, during @> (SELECT number FROM current) AS holds
    FROM cell_version
    WHERE cell_version.cell_id = role_grant.cell_id
    ORDER BY during @> (SELECT number FROM current) DESC NULLS LAST, lower(during) DESC
    LIMIT 1
) AS named ON true
WHERE role_grant.account_id = ANY(:accounts)
ORDER BY role_grant.account_id, role_grant.id
