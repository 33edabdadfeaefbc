"""``python -m honestdocs``: the same as the ``honestdocs`` command."""

from honestdocs.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
