"""`jax.numpy` as NumPy itself."""

from numpy import *  # noqa: F401,F403
from numpy import abs, asarray, max, min, sum  # noqa: A004,F401
