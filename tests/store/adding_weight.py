"""A person who adds 1 to an objective's weight, again and again; also as a program: python -m … PLACE TIMES."""

import sys
from dataclasses import replace

from kviboard.errors import ConflictError
from kviboard.store import Store, open_store
from tests.store.given import OWNER


def add_weight(store: Store, objective_id: int) -> None:
    """Looks, changes, and looks again where somebody else was first."""
    while True:
        seen = store.objectives.get(objective_id)
        try:
            store.objectives.edit(replace(seen, weight=seen.weight + 1), author=OWNER)
            return
        except ConflictError:
            continue


if __name__ == "__main__":
    opened = open_store(sys.argv[1])
    print("open", flush=True)
    sys.stdin.readline()
    for _ in range(int(sys.argv[2])):
        add_weight(opened, 1)
