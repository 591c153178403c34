"""From which volume share sheets touch throughout a matrix."""

from typing import Any


def sheet_threshold(aspect_ratio: Any) -> Any:
    """Volume share at which randomly oriented sheets, or their layers, are first connected throughout [-].

    f_c = 1.27 / (D / t)

    aspect_ratio : diameter D over thickness t of a sheet [-], far above 1
    Limits: thin overlapping ellipsoids in three dimensions, no clustering; aligned sheets need more.
    Source: E. Garboczi, K. Snyder, J. Douglas, M. Thorpe, Phys. Rev. E 52, 819 (1995),
    doi:10.1103/PhysRevE.52.819.
    """
    return 1.27 / aspect_ratio
