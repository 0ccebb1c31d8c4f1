"""Proof that the verdict can be trusted: every defect seen by the criterion meant for it, no honest system accused."""
