"""The documentation site: `python -m scripts.build_site`, or `sphinx-build -W docs build/site`. Nothing is fetched."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))
os.environ["PYBAMM_DISABLE_TELEMETRY"] = "true"
os.environ.setdefault("MPLBACKEND", "Agg")

from importlib import metadata  # noqa: E402

from scripts.site.gallery import RUN  # noqa: E402

project = "hetsim"
author = "The hetsim developers"
project_copyright = "the hetsim developers, BSD-3-Clause"
release = metadata.version("hetsim")

extensions = [
    "myst_parser",
    "sphinx_design",
    "sphinx.ext.autodoc",
    "sphinx_click",
    "sphinx_gallery.gen_gallery",
    "scripts.site.docstrings",
    "scripts.site.generated",
]

# pages
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
exclude_patterns = [
    "_static",
    "_gallery",
    "reference/tables",
    "studies",
    "figures",
    "**/README.*",
    "**/*.codeobj.json",
]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 5
smartquotes = False  # the two hyphens of an option stay two
nitpicky = False  # types of other packages are named, and not linked: the site is built offline

# docstrings
autodoc_typehints = "none"
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "show-inheritance": False}
python_maximum_signature_line_length = 88
python_use_unqualified_type_names = True
add_module_names = False

# the gallery
sphinx_gallery_conf = {
    "examples_dirs": [str(HERE / "_gallery")],
    "gallery_dirs": ["experiments"],
    "filename_pattern": r"/(" + "|".join(RUN) + r")\.py$",
    "within_subsection_order": "FileNameSortKey",
    "ignore_pattern": r"__init__",
    "image_scrapers": ("scripts.site.gallery.figures_saved",),
    "reset_modules": (),
    "download_all_examples": False,
    "show_memory": False,
    "show_signature": False,
    "write_computation_times": False,
    "copyfile_regex": r"$^",
    "remove_config_comments": True,
}

# pages in HTML
html_theme = "pydata_sphinx_theme"
html_title = "hetsim"
html_static_path = ["_static"]
html_extra_path = ["_extra"]
(HERE / "_extra").mkdir(exist_ok=True)  # what lies in it is written before the pages are read
html_css_files = ["site.css"]
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "logo": {"text": "hetsim"},
    "navbar_align": "left",
    "navbar_end": ["theme-switcher"],
    "header_links_before_dropdown": 6,
    "show_toc_level": 2,
    "navigation_with_keys": False,
    "footer_start": ["copyright"],
    "footer_end": [],
    "use_edit_page_button": False,
}
html_context = {"default_mode": "auto"}
