UPDATE cell_shape AS shape SET during = int4range(lower(shape.during), :number)
FROM pg_temp.next_cell AS next
WHERE (next.new_shape AND NOT next.is_new OR next.gone)
    AND shape.cell_id = next.cell_id AND upper_inf(shape.during)
