"""Forms out of the contract: each event type's struct becomes fields, what a person filled in becomes that struct's data.

    form = acts.find("recognition.requested")        # an Act, or None
    data, faults = reading.read(form.fields, posted)
    faults += faults.of(refusal, …)                  # what contracts.decode_data says of it
"""
