UPDATE cell_version AS version SET during = int4range(lower(version.during), :number)
FROM pg_temp.next_cell AS next
WHERE (next.new_version AND NOT next.is_new OR next.gone)
    AND version.cell_id = next.cell_id AND upper_inf(version.during)
