"""Shapley shares of a gain among mechanisms, some of which need another one to act.

    phi_i = mean over orders of [v(those before i, and i) - v(those before i)]

v(S) is the value with the mechanisms of S switched on. The mean is taken over all orders in which a mechanism comes
after what it needs: a junction layer conducts nothing in particles that have no junction. Shares sum to v(all) -
v(none). Source: L. S. Shapley, in Contributions to the Theory of Games II (1953), doi:10.1515/9781400881970-018; U.
Faigle, W. Kern, Int. J. Game Theory 21, 249 (1992), doi:10.1007/BF01258278 (with needs).
"""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import combinations

Coalition = frozenset[str]


def coalitions(players: Sequence[str], needs: Mapping[str, str]) -> list[Coalition]:
    """All sets of players in which nobody lacks what it needs."""
    sets = (
        frozenset(one) for size in range(len(players) + 1) for one in combinations(players, size)
    )
    return [one for one in sets if _complete(one, players, needs)]


def _complete(one: Coalition, players: Sequence[str], needs: Mapping[str, str]) -> bool:
    return all(needs[p] in one for p in one if needs.get(p) in players)


def shapley_weights(
    players: Sequence[str], needs: Mapping[str, str]
) -> dict[str, dict[Coalition, float]]:
    """Of each player what v(S) counts in its share.

    A step from S to S and i stands in (orders to S) * (orders from S and i on) of all orders.
    """
    allowed = set(coalitions(players, needs))
    everyone = frozenset(players)

    @cache
    def up_to(one: Coalition) -> int:
        return 1 if not one else sum(up_to(one - {p}) for p in one if one - {p} in allowed)

    @cache
    def onwards(one: Coalition) -> int:
        return (
            1
            if one == everyone
            else sum(onwards(one | {p}) for p in everyone - one if one | {p} in allowed)
        )

    orders = up_to(everyone)
    found: dict[str, dict[Coalition, float]] = {player: {} for player in players}
    for before in allowed:
        for player in everyone - before:
            after = before | {player}
            if after in allowed:
                weight = up_to(before) * onwards(after) / orders
                counted = found[player]
                counted[after] = counted.get(after, 0.0) + weight
                counted[before] = counted.get(before, 0.0) - weight
    return found
