"""Long work: functions ``(store, task, …)`` that chain reads, writes and files.

No transaction stays open while a file is read or written.
"""
