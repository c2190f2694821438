UPDATE ground_feature SET rank = next.rank, name = next.name, width_m = next.width_m
FROM pg_temp.changed_ground AS next
WHERE ground_feature.id = next.id
