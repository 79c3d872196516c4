"""Registers in Excel that people upload: parsed by a process of their own, sent in row by row like anything else; what was not
taken in comes back with its reason.

    asked       what it is asked, and its bounds
    worker      the process that opens a workbook; the gateway itself never does
    taking      what the worker reads, as events on their way, so many at a time
    shelf       a workbook between two pages, in memory alone
"""
