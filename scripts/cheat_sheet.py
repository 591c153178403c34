"""The cheat sheet as a PDF of one page, printed by a headless Chromium from the built site.

    python -m scripts.cheat_sheet [SITE]

writes SITE/cheat-sheet.pdf (build/site), after `python -m scripts.build_site`.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SITE = Path("build/site")


def pages_of(pdf: bytes) -> int:
    """Pages of a PDF as Chromium writes it: its page objects are not compressed."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


def printed(page: Path, browser: str) -> bytes:
    """The PDF of a page. Raises RuntimeError with what the browser says where it writes none."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.pdf"
        command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
        command += [
            f"--user-data-dir={folder}/profile",
            f"--print-to-pdf={path}",
            page.resolve().as_uri(),
        ]
        said = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        if not path.exists():
            raise RuntimeError(f"{browser} has written no PDF: {said.stderr.strip()[-300:]}")
        return path.read_bytes()


def main(site: Path = SITE) -> str:
    """What was written, or what is missing for it."""
    page = site / "cheat-sheet.html"
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not page.exists():
        sys.exit(f"There is no page '{page}'; build the site first: python -m scripts.build_site.")
    if browser is None:
        sys.exit(f"No browser is installed that prints it; looked for {', '.join(BROWSERS)}.")
    pdf = printed(page, browser)
    if pages_of(pdf) != 1:
        sys.exit(f"The cheat sheet has {pages_of(pdf)} pages; it must fit on one.")
    path = site / "cheat-sheet.pdf"
    path.write_bytes(pdf)
    return f"{path}: 1 page, {len(pdf) // 1000} kB"


if __name__ == "__main__":
    print(main(*(Path(one) for one in sys.argv[1:2])))
