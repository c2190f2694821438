-- What makes the connected login unfit for the application, one row a reason. Membership counts
-- too: whoever may SET ROLE to an owner can step around every row policy.
SELECT session_user AS role, 'superuser' AS fault, rolname AS subject
FROM pg_roles WHERE rolsuper AND pg_has_role(session_user, oid, 'MEMBER')
UNION ALL
SELECT session_user, 'bypassrls', rolname
FROM pg_roles WHERE rolbypassrls AND NOT rolsuper AND pg_has_role(session_user, oid, 'MEMBER')
UNION ALL
SELECT session_user, 'owner', min(class.relname)
FROM pg_class AS class JOIN pg_namespace AS schema ON schema.oid = class.relnamespace
WHERE class.relkind IN ('r', 'p', 'v', 'm')
    AND schema.nspname <> 'information_schema' AND schema.nspname NOT LIKE 'pg\_%'
    AND pg_has_role(session_user, class.relowner, 'MEMBER')
HAVING count(*) > 0
