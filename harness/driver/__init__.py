"""The verbs that features use.

A step is one call on a :class:`~harness.driver.stage.Stage`. The driver acts through the ports, writes everything that
it does and sees into the journal, and lets pure checks judge.
"""
