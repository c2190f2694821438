"""What tables say of cells: codes, names and whole chains as texts, made once for a grid."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.locate.cells import Cells

Texts = npt.NDArray[np.object_]

# Between the codes of a chain, root first, as in the ``reason`` of a team.
STEP = " > "


@dataclass(frozen=True, slots=True)
class Labels:
    """Texts of each row of ``Cells``.

    Parameters
    ----------
    codes, names : (n,) str
    chains, name_chains : (n,) str, codes or names from the root to the cell
    """

    codes: Texts
    names: Texts
    chains: Texts
    name_chains: Texts


def labels_of(cells: Cells) -> Labels:
    """Return the texts of cells."""
    codes = [cells.code(row) for row in range(len(cells))]
    names = [cells.name(row) for row in range(len(cells))]
    parents = cells.parents.tolist()
    return Labels(
        *(
            np.array(texts, dtype=object)
            for texts in (codes, names, _chained(codes, parents), _chained(names, parents))
        )
    )


def _chained(texts: list[str], parents: list[int]) -> list[str]:
    """Return each text behind those of the cells above it; parents come before children."""
    chained: list[str] = []
    for text, parent in zip(texts, parents, strict=True):
        chained.append(text if parent < 0 else f"{chained[parent]}{STEP}{text}")
    return chained
