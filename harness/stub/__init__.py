"""The reference partner system: small, honest clinic software that is integrated with Docplanner.

It has a database, a mapping, a queue of what it owes Docplanner, an inbox of what Docplanner told it, and the partner
control contract by which a run drives it. It talks to Docplanner through the API alone and knows nothing of a sandbox.
Deliberate mistakes can be switched on by name (:mod:`harness.stub.defects`), so that every check is seen to fail.
"""
