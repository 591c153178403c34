"""What of a page is run: its blocks in order, files first, and not what says that it cannot run here."""

from pathlib import Path

import pytest

from scripts import run_examples
from scripts.run_examples import blocks, commands

PAGE = """
<!-- file: a.txt -->
```text
in a file
```
<!-- also: x = 1 -->
```python
x += 1
```
<!-- not run: needs a cluster -->
```sh
dask worker
```
1. in a list

   ```python
   assert x == 2
   ```
"""


def test_blocks_of_a_page() -> None:
    found = [(one.kind, one.text, one.file) for one in blocks(PAGE)]
    assert found == [
        ("text", "in a file\n", "a.txt"),
        ("python", "x = 1", ""),
        ("python", "x += 1\n", ""),
        ("python", "assert x == 2\n", ""),
    ]


def test_commands_are_words_without_what_installs() -> None:
    text = 'pip install x && hetsim list  # all\nhetsim run A \\\n  --step "Rest for 1 hour"\n'
    assert commands(text) == [
        ["hetsim", "list"],
        ["hetsim", "run", "A", "--step", "Rest for 1 hour"],
    ]


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(run_examples, "ROOT", tmp_path)
    monkeypatch.setattr(run_examples, "write_files", lambda folder: None)
    return tmp_path / "page.md"


def test_a_page_runs_with_its_files(page: Path) -> None:
    page.write_text(
        PAGE
        + "```python\nfrom pathlib import Path\nassert Path('a.txt').read_text() == 'in a file\\n'\n```\n"
    )
    run_examples.run_page(page)


@pytest.mark.parametrize(
    "block",
    ["```python\n1 / 0\n```\n", "```sh\nhetsim show nothing\n```\n", "```toml\na = \n```\n"],
)
def test_a_block_that_fails_is_told_with_its_line(page: Path, block: str) -> None:
    page.write_text(f"# Title\n\n{block}")
    with pytest.raises(RuntimeError, match=r"page\.md, line 3: "):
        run_examples.run_page(page)
