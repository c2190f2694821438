SELECT id, code, cell_id, path, ST_X(point) AS lon, ST_Y(point) AS lat
FROM building
WHERE path >= :low AND path < :high
ORDER BY code
