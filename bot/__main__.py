"""``python -m bot`` is ``jindu``."""

import sys

from bot.cli import main

sys.exit(main())
