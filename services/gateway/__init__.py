"""The only door for people, and for systems that do not speak AMQP: events in, their outcome and the pages out. What a person
enters is an event like any other. asyncio throughout; what it knows it asks of the other services over the broker, and it stores
nothing.

    door, inbound, forward, outcomes    ``POST /events``, and the way through the broker that forms share
    forms                               a type of the contract as a form, and back
    pages, templates, words             what people see
"""
