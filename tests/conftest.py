"""What every test stands on: no screen, and hypothesis without a clock."""

import os

from hypothesis import settings

# Set before any test imports Qt, which reads it once.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

settings.register_profile("migdesk", deadline=None, derandomize=True)
settings.load_profile("migdesk")
