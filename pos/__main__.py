"""`python -m pos`: the shop from the command line."""

import sys

from pos.cli import main

if __name__ == "__main__":
    sys.exit(main())
