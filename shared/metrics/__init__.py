"""What every process tells Prometheus and its orchestrator; each service defines its own metrics in ``metrics.py`` beside it.

Names follow https://prometheus.io/docs/practices/naming/: ``namtot_<service>_<what>_<unit>``, counters end in ``_total``, times
are seconds, sizes bytes. Label values come from closed sets; never a name, an address or an id.
"""

from shared.metrics import readiness
from shared.metrics.build import build_info

__all__ = ["build_info", "readiness"]
