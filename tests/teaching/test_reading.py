"""The page can be read: labels, contrast, no shift of its layout, from a phone to a lecture hall."""

from pathlib import Path
from typing import Any

import pytest

SCENES = range(1, 8)
SHOTS = Path(__file__).parents[2] / "build" / "teaching"
"""Pictures of a run, to be looked at."""

WIDTHS = {360: 740, 1024: 768, 1920: 1080}
DARK = (3, 6)
"""Scenes of which a dark picture is kept, too; contrast is tested in all of them."""
CONTRAST = {"runOnly": ["color-contrast"]}


@pytest.mark.parametrize("scene", SCENES)
def test_axe_finds_nothing(visit: Any, scene: int) -> None:
    """Names of controls, alternative texts, order of headings, contrast: of all rules, and of contrast in the dark."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = visit.scene(scene)
    found = axe.run(page)
    assert found.violations_count == 0, found.generate_report()
    page.locator("#theme").click()
    found = axe.run(page, options=CONTRAST)
    assert found.violations_count == 0, found.generate_report()


SHIFTS = """() => {
  window.shifts = [];
  new PerformanceObserver((list) => list.getEntries().forEach((one) => window.shifts.push(one.value)))
    .observe({type: "layout-shift", buffered: true});
}"""


@pytest.mark.parametrize("scene", SCENES)
def test_nothing_shifts(visit: Any, wait_for_curves: Any, scene: int) -> None:
    """From the start of the page over the prediction to moved sliders and a refused value."""
    page = visit.open(f"scene={scene}")
    page.evaluate(SHIFTS)  # those that were before, too
    if page.locator("#predict").count():
        page.locator("#predict").click()
    else:
        page.locator("[name=guess]").first.check()
    slider, field = (
        page.locator("#controls input[type=range]"),
        page.locator("#controls input[type=text]"),
    )
    slider.first.press("ArrowRight")
    slider.last.press("ArrowLeft")
    field.last.fill("nothing")
    field.last.press("Enter")
    if scene == 7:
        wait_for_curves(visit)
    page.wait_for_timeout(100)
    assert page.evaluate("window.shifts") == []


@pytest.mark.parametrize("scene", SCENES)
def test_all_is_inside_the_screen(visit: Any, wait_for_curves: Any, scene: int) -> None:
    """At three widths, of which pictures are kept."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page = visit.scene(scene)
    if scene == 7:
        wait_for_curves(visit)
    try:
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            visit.until(
                "[...document.querySelectorAll('.plot')].every((one) => !one.firstElementChild || "
                "Math.abs(one.firstElementChild.clientWidth - one.clientWidth) < 2)"
            )
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            cut = page.evaluate(CUT_OFF)
            assert cut == [], (width, cut)
            page.screenshot(path=SHOTS / f"scene-{scene}-{width}.png", full_page=True)
        smallest = page.evaluate(
            "Math.min(...[...document.querySelectorAll('.plot svg')].map((one) => +one.getAttribute('font-size')))"
        )
        assert smallest >= 18  # [px] at 1920, from the last row of a lecture hall
        if scene in DARK:
            page.locator("#theme").click()
            page.screenshot(path=SHOTS / f"scene-{scene}-dark.png", full_page=True)
    finally:
        page.set_viewport_size({"width": 1280, "height": 900})


def test_on_a_phone_the_controls_stay_beside_the_curves(visit: Any) -> None:
    """They lie at the foot of the screen while curves are looked at, and do not cover the prediction."""
    page = visit.scene(3)
    try:
        page.set_viewport_size({"width": 360, "height": 740})
        page.evaluate("document.querySelector('#prediction').scrollIntoView()")
        over = page.evaluate(OVERLAP, "#prediction")
        assert over == 0
        page.evaluate("document.querySelector('#figure-1').scrollIntoView()")
        panel, figure = (page.locator(one).bounding_box() for one in ("#panel", "#figure-1"))
        assert panel["y"] + panel["height"] == pytest.approx(740, abs=1)
        assert figure["y"] + figure["height"] < panel["y"] + 1
    finally:
        page.set_viewport_size({"width": 1280, "height": 900})


OVERLAP = """(id) => {
  const [one, other] = [id, "#panel"].map((name) => document.querySelector(name).getBoundingClientRect());
  return Math.max(0, Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top));
}"""

CUT_OFF = """[...document.querySelectorAll(".plot svg")].flatMap((svg) => {
  const all = svg.getBoundingClientRect();
  return [...svg.querySelectorAll("text")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.left < all.left - 1 || box.right > all.right + 1 || box.top < all.top - 1 || box.bottom > all.bottom + 1;
  }).map((one) => one.textContent);
})"""
