"""The table of the page is what the script makes of the facts."""

from scripts.solid_electrolytes_page import PAGE, page


def test_page_is_up_to_date() -> None:
    assert page() == PAGE.read_text(encoding="utf-8"), (
        "run python -m scripts.solid_electrolytes_page"
    )
