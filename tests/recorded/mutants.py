"""Each rule of the compat layer, changed in each way that such a rule can be wrong; a replay must fail each time.

    python -m tests.recorded.mutants         tries all and prints the figures; scripts/mutate --replay calls it

The rules of requests are changed where they are applied, those of responses in the object that v1's caller gets, and
the key's in the request that is sent. A rule of requests is tried on the recordings of its own field alone, so that
none is noticed by chance.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable

from tests.recorded.replaying import Mutant
from tests.recorded.request_mutants import request_mutants, value_mutants
from tests.recorded.response_mutants import key_mutants, response_mutants

MUTANTS = [*request_mutants(), *value_mutants(), *response_mutants(), *key_mutants()]


def main(mutants: Iterable[Mutant]) -> int:
    """Try mutants and print what no replay noticed, and the figures."""
    tried: Counter[str] = Counter()
    noticed: Counter[str] = Counter()
    for mutant in mutants:
        tried[mutant.group] += 1
        if mutant.is_noticed():
            noticed[mutant.group] += 1
        else:
            print(f"not noticed: {mutant.id}", flush=True)
    for group, count in tried.items():
        rules = len({each.rule for each in MUTANTS if each.group == group})
        print(f"{group}: {noticed[group]} of {count} faults in {rules} rules are noticed")
    return int(noticed != tried)


if __name__ == "__main__":
    sys.exit(main(MUTANTS))
