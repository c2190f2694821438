UPDATE building SET cell_id = next.cell_id, path = next.path
FROM pg_temp.moved_building AS next
WHERE building.id = next.id
