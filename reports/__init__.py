"""What people read after a run: the Allure report, the verdict page, and the file that build servers read.

Nothing is judged here. Everything shown stands in ``verdict.json`` and ``journal.jsonl`` already.
"""
