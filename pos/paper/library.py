"""python-escpos, let in by one door and tidied up after.

Its import reads a list of printers through a folder that it never removes, and puts a handler on the root logger.
"""

import logging
import os
import shutil

_handlers = list(logging.root.handlers)

from escpos import capabilities  # noqa: E402
from escpos.exceptions import Error  # noqa: E402
from escpos.magicencode import Encoder  # noqa: E402
from escpos.printer import Dummy, Network  # noqa: E402

logging.root.handlers[:] = _handlers
if "ESCPOS_CAPABILITIES_PICKLE_DIR" not in os.environ:  # then it is a fresh one, and has been read
    shutil.rmtree(capabilities.pickle_dir, ignore_errors=True)

__all__ = ["Dummy", "Encoder", "Error", "Network"]
