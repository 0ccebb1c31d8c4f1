"""The desk: pages for people on the embedded sandbox, what logging in to the test marketplace is for a vendor.

Rendered on the server, without a build step; they work without scripts. What is done here is done by the handlers of
the control API, so a person and a run can do the same and are refused in the same words. Speaks with the sandbox on the
sandbox's own event loop; knows nothing of partner systems, drivers or verdicts.
"""
