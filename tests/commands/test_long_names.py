"""A name of a file that is longer than the system allows ends in one sentence, wherever it is given."""

import pytest

LONG = 300 * "x"


@pytest.mark.parametrize(
    "words",
    [
        ["show", f"{LONG}.toml"],
        ["cite", f"{LONG}.toml"],
        ["analyse", "gitt", f"{LONG}.csv"],
        ["sweep", f"{LONG}.toml"],
        ["run", "CZT", "--protocol", f"{LONG}.toml"],
        ["rate", "CZT", "--measured", f"{LONG}.csv"],
        ["export", "CZT", "--out", f"{LONG}.json"],
    ],
    ids=lambda words: words[0],
)
def test_a_name_that_is_too_long_is_refused(words, hetsim):
    result = hetsim(*words)
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: ")
    assert len(result.stderr.splitlines()) == 1
