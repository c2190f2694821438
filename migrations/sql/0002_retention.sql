-- What deletes rows that were kept long enough, and the one search that a row policy would make slow.
-- The application has no DELETE right. It may call these, which run as the owner of the tables; each
-- has a floor of days of its own below which nothing goes, whatever the caller says.

-- Network logs: at least six months, which are at most 184 days; all that is no log: at least three
-- years, which are at most 1,096. A record that has no link, or whose link says that it must be there,
-- stays. The application writes links, so what a link says can only make a record stay longer.
CREATE FUNCTION expire_audit_record(days integer, actions text[], most integer) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH due AS (
        SELECT old.id FROM audit_record AS old JOIN audit_link ON audit_link.record_id = old.id
        WHERE old.at < now() - make_interval(days => greatest(days, 184))
            AND (old.at < now() - make_interval(days => 1096) OR old.action
                ~ '^(system|lookup|request|sign_in|sign_out|password|account|grant|key)(\.|$)')
            AND (actions IS NULL OR old.action = ANY (actions))
            AND audit_link.keep_until < current_date
        ORDER BY old.at LIMIT most
    ), gone AS (
        DELETE FROM audit_record USING due WHERE audit_record.id = due.id RETURNING 1
    )
    SELECT count(*) FROM gone
$$;

CREATE FUNCTION expire_audit_finding(days integer, most integer) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH due AS (
        SELECT id FROM audit_finding
        WHERE reviewed_at < now() - make_interval(days => greatest(days, 184)) LIMIT most
    ), gone AS (
        DELETE FROM audit_finding USING due WHERE audit_finding.id = due.id RETURNING 1
    )
    SELECT count(*) FROM gone
$$;

-- A sign-in goes with its tokens.
CREATE FUNCTION expire_sign_in(days integer, most integer) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH due AS (
        SELECT id FROM sign_in
        WHERE coalesce(ended_at, expires_at) < now() - make_interval(days => greatest(days, 7))
        LIMIT most
    ), tokens AS (
        DELETE FROM refresh_token USING due WHERE refresh_token.sign_in_id = due.id
    ), gone AS (
        DELETE FROM sign_in USING due WHERE sign_in.id = due.id RETURNING 1
    )
    SELECT count(*) FROM gone
$$;

CREATE FUNCTION expire_refresh_token(days integer, most integer) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH due AS (
        SELECT id FROM refresh_token
        WHERE expires_at < now() - make_interval(days => greatest(days, 7)) LIMIT most
    ), gone AS (
        DELETE FROM refresh_token USING due WHERE refresh_token.id = due.id RETURNING 1
    )
    SELECT count(*) FROM gone
$$;

CREATE FUNCTION expire_sign_in_failure(days integer, most integer) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH due AS (
        SELECT id FROM sign_in_failure
        WHERE at < now() - make_interval(days => greatest(days, 1)) LIMIT most
    ), gone AS (
        DELETE FROM sign_in_failure USING due WHERE sign_in_failure.id = due.id RETURNING 1
    )
    SELECT count(*) FROM gone
$$;

CREATE FUNCTION expire_idempotency_key(days integer, most integer) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH due AS (
        SELECT actor, key FROM idempotency_key
        WHERE at < now() - make_interval(days => greatest(days, 30)) LIMIT most
    ), gone AS (
        DELETE FROM idempotency_key AS old USING due
        WHERE old.actor = due.actor AND old.key = due.key RETURNING 1
    )
    SELECT count(*) FROM gone
$$;

CREATE FUNCTION expire_job(days integer, most integer) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH due AS (
        SELECT id FROM job
        WHERE state IN ('done', 'failed')
            AND finished_at < now() - make_interval(days => greatest(days, 30))
        LIMIT most
    ), gone AS (
        DELETE FROM job USING due WHERE job.id = due.id RETURNING 1
    )
    SELECT count(*) FROM gone
$$;

-- Records of processing: at least three years, which are at most 1,096 days.
CREATE FUNCTION expire_data_request(days integer, most integer) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH due AS (
        SELECT id FROM data_request
        WHERE state <> 'open'
            AND decided_at < now() - make_interval(days => greatest(days, 1096))
        LIMIT most
    ), gone AS (
        DELETE FROM data_request USING due WHERE data_request.id = due.id RETURNING 1
    )
    SELECT count(*) FROM gone
$$;

-- Records about one subject, of any kind when none is given. Below a row policy PostgreSQL may not use
-- an index on an array, whose operators are not leakproof (decision 0008); this asks for the same word
-- as the policy.
CREATE FUNCTION audit_record_on(kind text, subject bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT id FROM audit_record
    WHERE subjects @> ARRAY[subject] AND (kind IS NULL OR subject_kind = kind)
        AND nullif(current_setting('wangge.log', true), '') = 'read'
$$;
