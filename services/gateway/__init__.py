"""The only door for people, and for systems that do not speak AMQP: events in, their outcome and the pages out. asyncio
throughout; what it knows it asks of the other services over the broker, and it stores nothing."""
