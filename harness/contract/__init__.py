"""The API as data: operations, wire schemas, events, error catalogue, limits, marketplaces.

``openapi.yaml`` and ``behaviour.md`` state facts about the Docplanner Integrations API; ``partner-control.yaml`` and
``sandbox-control.yaml`` are OUR two control contracts, kept apart from it. Everything else of the harness asks here
instead of knowing by itself. Nothing is read before somebody asks, and nothing is read twice.
"""
