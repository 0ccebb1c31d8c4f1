"""A synchronous client of the Docplanner Integrations API that knows which calls may have happened.

It holds a token until it ends, keeps to the limits that Docplanner announces, repeats reads that met trouble and never
repeats a write by itself. It decides nothing about a clinic: who uses it does. Nothing here is shared between two
clients, and no secret is in a repr or a message.
"""
