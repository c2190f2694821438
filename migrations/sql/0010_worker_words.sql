-- Words by which workers are found: below a row policy no index serves LIKE, and equality does.
CREATE TABLE worker_word (
    worker_id BIGINT NOT NULL,
    word TEXT COLLATE "C" NOT NULL,
    path TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_worker_word PRIMARY KEY (worker_id, word)
);

CREATE INDEX ix_worker_word_word ON worker_word (word, path, worker_id);

COMMENT ON TABLE worker_word IS 'Words by which workers are found, kept by triggers; personal, under the row policy';

COMMENT ON COLUMN worker_word.worker_id IS 'Who is found; the row goes with the worker';

COMMENT ON COLUMN worker_word.word IS 'One to three characters of the name that follow each other, or a beginning of the code';

COMMENT ON COLUMN worker_word.path IS 'Path of the worker: a search reads its page in the order of areas';

CREATE FUNCTION words_of_worker(name text, code text) RETURNS TABLE (word text)
LANGUAGE sql IMMUTABLE AS $$
    SELECT substr(name, place, size) COLLATE "C"
    FROM generate_series(1, char_length(name)) AS place,
        generate_series(1, least(3, char_length(name) - place + 1)) AS size
    UNION
    SELECT left(code, size) COLLATE "C" FROM generate_series(1, char_length(code)) AS size
$$;

-- The application reads the words; only this function, as the owner of the table, writes them.
CREATE FUNCTION keep_worker_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM worker_word WHERE worker_id = OLD.id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO worker_word (worker_id, word, path)
        SELECT NEW.id, word, NEW.path FROM words_of_worker(NEW.name, NEW.code);
    END IF;
    RETURN NULL;
END
$$;

REVOKE ALL ON FUNCTION keep_worker_words() FROM PUBLIC;

CREATE TRIGGER keep_words AFTER INSERT OR DELETE ON worker
FOR EACH ROW EXECUTE FUNCTION keep_worker_words();

CREATE TRIGGER keep_changed_words AFTER UPDATE OF id, code, name, path ON worker
FOR EACH ROW WHEN ((OLD.id, OLD.code, OLD.name, OLD.path) IS DISTINCT FROM (NEW.id, NEW.code, NEW.name, NEW.path))
EXECUTE FUNCTION keep_worker_words();

INSERT INTO worker_word (worker_id, word, path)
SELECT worker.id, found.word, worker.path
FROM worker, words_of_worker(worker.name, worker.code) AS found;
