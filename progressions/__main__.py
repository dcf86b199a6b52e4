"""``python -m progressions``."""

import logging
import sys

from progressions.cli import main

# What is wrong with an installation the server says once, where it starts: not before every answer of a command.
logging.getLogger("progressions.store").setLevel(logging.ERROR)
sys.exit(main())
