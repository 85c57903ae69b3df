"""The command `kviboard` with Spark for every table, however small: a process of its own has no fixture for that."""

from kviboard.__main__ import main
from kviboard.warehouse.spark import cluster

if __name__ == "__main__":
    cluster.FEW_ROWS = -1
    raise SystemExit(main())
