UPDATE publication SET effective_at = greatest(
    clock_timestamp(),
    (SELECT max(effective_at) + interval '1 microsecond' FROM publication WHERE number < :number)
)
WHERE number = :number
