"""Everything that is tried, in its order."""

from . import enrolling, limits, reaching, rotating

PROMISES = (*enrolling.PROMISES, *reaching.PROMISES, *rotating.PROMISES, *limits.PROMISES)
