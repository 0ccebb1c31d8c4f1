"""What a run is told: settings from a file, the environment and the command line, each mistake named with its remedy.

Knows no marketplace, profile or sandbox: whoever loads settings says which names there are.
"""

from harness.config.told import RealDocplanner, RunSettings, Waits

__all__ = ["RealDocplanner", "RunSettings", "Waits"]
