"""What is seen goes into the journal, and nothing secret goes with it.

Exchanges are redacted when they are captured, journal lines once more when they are written. Nobody above this room
writes a journal line by another way.
"""
