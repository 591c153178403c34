"""What the tests of the commands share."""

import json


def one_object(text):
    """The JSON object that is all of a text; NaN and Infinity are no JSON."""

    def refuse(name):
        raise AssertionError(f"{name} is not JSON")

    return json.loads(text, parse_constant=refuse)
