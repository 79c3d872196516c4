"""Who must hear what, by when: rules as data, a ledger of deliveries, nothing twice."""
