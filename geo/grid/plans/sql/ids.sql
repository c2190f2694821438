SELECT code, cell_id FROM cell_version WHERE code = ANY(:codes) AND during @> :number
