"""Dong street, drawn by hand: its six communities, 75 grids and what stands in each lot."""

COMMUNITIES = {
    "G": "340603002001",  # 供电社区
    "F": "340603002002",  # 幸福社区
    "T": "340603002003",  # 铁路社区
    "M": "340603002004",  # 民生社区
    "J": "340603002008",  # 机厂社区
    "Z": "340603002009",  # 闸河社区
}

# Rows from north (the railway) to south, columns from west to east (the river last).
COMMUNITY_MAP = (
    "FFFTTTTTTJJJJ",
    "FFFTTTTTTJJJJ",
    "FFFTTTTTTJJJJ",
    "FFFGGGGTJJJJJ",
    "FFFGGGGMZZJJJ",
    "FFFGGGGMZZZZZ",
    "MMMGGGGMZZZZZ",
    "MMMMMMMMZZZZZ",
)

# What stands in each lot: see ``geo.demo.uses.USES``.
USE_MAP = (
    "-------------",
    "SsMLLoSLWwLL-",
    "KSTOsLSosWsL-",
    "PsSSsKTLTSLs-",
    "OTsLSPTSsTSK-",
    "SLPOSLWMSTsH-",
    "sKTosTDTTKsP-",
    "sOsLPSMtOSts-",
)

# Lots that make one grid with a lot before them, in reading order: (row, column) → (row, column);
# land without people that must go to one neighbour stands here too.
JOINED = {
    (4, 5): (3, 5),  # 供电: the park with the school
    (6, 3): (5, 3),  # the old rows
    (6, 6): (5, 6),  # the works and its flats
    (3, 0): (2, 0),
    (5, 2): (4, 2),
    (2, 8): (1, 8),
    (1, 9): (2, 9),  # the yard of the works below
    (7, 4): (7, 3),
    (6, 11): (6, 10),
}
GRIDS = 75

# Names of the lattice lines through Dong street, from west to east and from north to south.
ROADS_NORTH = (
    "幸福路",
    "",
    "",
    "供电路",
    "",
    "民乐路",
    "",
    "人民路",
    "",
    "",
    "机厂路",
    "",
    "滨河西路",
    "滨河东路",
)
ROADS_EAST = ("铁北街", "站前街", "", "新安大街", "", "文化街", "", "", "淮海东路")
