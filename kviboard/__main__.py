"""`python -m kviboard` is the `kviboard` command."""

from kviboard.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
