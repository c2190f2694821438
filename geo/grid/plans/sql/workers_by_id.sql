-- Codes and names of some workers, as far as they are the asker's to see.
SELECT id, code, name FROM worker WHERE id = ANY(:ids) AND path >= :low AND path < :high
