"""How true the sandbox is: every operation, event, refusal, limit, rule and setting, with its source and its tests.

The rows stand in the ``.toml`` files beside this one, :mod:`harness.sandbox.fidelity.rows` reads them, and
:mod:`harness.sandbox.fidelity.page` writes ``harness/sandbox/FIDELITY.md`` from them.
"""
