"""Classes of fields: how far what is written about somebody may travel."""

from enum import IntEnum


class FieldClass(IntEnum):
    """What a field holds, in order of how closely it is kept.

    Source: GB/T 35273-2020 for personal and sensitive; the law of 2021 on personal information
    (PIPL) art. 28 names what is sensitive.
    """

    NOTHING = -1
    PUBLIC = 0  # borders, buildings, posts
    INTERNAL = 1  # duty facts of workers, counts of small places
    PERSONAL = 2  # names and phones of residents
    SENSITIVE = 3  # ID numbers, tags of category C
