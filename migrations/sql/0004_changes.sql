-- Counts of changes, by which processes know that what they keep in memory is old.
CREATE TABLE change_count (
    kind TEXT NOT NULL,
    shard SMALLINT NOT NULL,
    number BIGINT NOT NULL,
    CONSTRAINT pk_change_count PRIMARY KEY (kind, shard)
);

COMMENT ON TABLE change_count IS 'How often tables have changed, by triggers; the sum over shards counts';

COMMENT ON COLUMN change_count.kind IS 'grid, roster';

COMMENT ON COLUMN change_count.shard IS 'Keeps writers apart';

COMMENT ON COLUMN change_count.number IS 'Statements that wrote';

-- The application reads the counts; only this function, as the owner of the table, adds to them.
CREATE FUNCTION count_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO change_count AS held (kind, shard, number)
    VALUES (TG_ARGV[0], mod(pg_backend_pid(), 1024), 1)
    ON CONFLICT (kind, shard) DO UPDATE SET number = held.number + 1;
    PERFORM pg_notify('wangge_changes', TG_ARGV[0]);
    RETURN NULL;
END
$$;

REVOKE ALL ON FUNCTION count_change() FROM PUBLIC;

CREATE TRIGGER count_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON publication
FOR EACH STATEMENT EXECUTE FUNCTION count_change('grid');

CREATE TRIGGER count_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON post
FOR EACH STATEMENT EXECUTE FUNCTION count_change('roster');

CREATE TRIGGER count_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON worker
FOR EACH STATEMENT EXECUTE FUNCTION count_change('roster');

CREATE TRIGGER count_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON assignment
FOR EACH STATEMENT EXECUTE FUNCTION count_change('roster');
