"""One service as one process: ``python -m shared.runner intake``, which is what ``namtot run intake`` becomes.

A service named NAME is ``services.NAME.service:SERVICE``, a nameko class; the gateway is ``services.gateway.app:create_app``, an
ASGI application. ``package.module:CLASS`` runs any other nameko class. SIGTERM and SIGINT end it gracefully: what is in hand is
finished, then it exits 0; a second one, or 30 seconds, ends it at once.
"""

SERVICES = ("directory", "intake", "evaluation", "notification", "gateway")
GATEWAY = "gateway"
