INSERT INTO occupancy (code, name_zh, name_en, short_zh, rank) VALUES
    ('owner_occupied', '自住', 'owner-occupied', '自', 1),
    ('rented', '出租', 'rented', '租', 2),
    ('vacant', '空置', 'vacant', '空', 3),
    ('other', '其他', 'other', '其', 4),
    ('unknown', '未知', 'unknown', '?', 5);

INSERT INTO post (code, name_zh, name_en, rank) VALUES
    ('grid_worker', '网格员', 'grid worker', 1),
    ('grid_leader', '网格长', 'grid leader', 2),
    ('building_head', '楼栋长', 'building head', 3),
    ('stair_head', '楼道长', 'stair head', 4),
    ('community_secretary', '社区书记', 'community secretary', 5);
