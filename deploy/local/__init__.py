"""RabbitMQ and MongoDB of one's own, for development and tests: on loopback, on free ports, with all data below one directory
(``.namtot/``), so that two checkouts stand side by side and nothing of the system is touched.

    servers = Servers(Path(".namtot"))
    servers.up()            # starts what does not run, replaces what runs but does not answer
    servers.rabbitmq.uri, servers.mongodb.uri
    servers.down()

Not for production: there, ``AMQP_URI`` and ``MONGO_URI`` point at running clusters.
"""

from deploy.local.errors import LocalServersError
from deploy.local.mongodb import MongoDB
from deploy.local.rabbitmq import RabbitMQ
from deploy.local.servers import Servers

__all__ = ["LocalServersError", "MongoDB", "RabbitMQ", "Servers"]
