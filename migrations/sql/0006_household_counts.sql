-- Counts of an area read the index alone, and never the whole table because the area is large.
DROP INDEX ix_household_path;

CREATE INDEX ix_household_path ON household (path, id) INCLUDE (occupancy, persons, ended_on);
