"""The documentation site, built without a network and checked.

    python -m scripts.build_site [FOLDER]

builds it into FOLDER (build/site). A warning is an error; so is a public name that the reference does not have, a
link that leads nowhere, a page that loads anything from elsewhere, and a search that does not find.
"""

import sys
import time
from pathlib import Path

from sphinx.cmd.build import build_main

from scripts.site import check

DOCS, SITE = Path("docs"), Path("build/site")


def main(site: Path = SITE) -> int:
    """Build from nothing (-E), all pages (-a); the exit status is 0 where all is well."""
    started = time.perf_counter()
    trees = site.with_name(f"{site.name}-doctrees")
    status = build_main(
        ["-q", "-W", "--keep-going", "-E", "-a", "-d", str(trees), str(DOCS), str(site)]
    )
    if status:
        return int(status)
    faults = check.faults(site)
    print(*faults, sep="\n", end="\n" if faults else "")
    spent = time.perf_counter() - started
    print(f"{site}: {len(check.pages(site))} pages in {spent:.0f} s, {len(faults)} faults.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*(Path(one) for one in sys.argv[1:2])))
