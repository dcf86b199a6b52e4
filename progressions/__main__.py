"""``python -m progressions``."""

import sys

from progressions.cli import main

sys.exit(main())
