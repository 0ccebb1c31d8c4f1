"""Random histories: plans of what everybody does, played through the same desks as every scenario, then judged.

A plan is data (``plan``), drawn and shrunk by Hypothesis (``drawing``), played at a clinic of its own (``player``).
A round of them ends in a judgement (``round``).
"""
