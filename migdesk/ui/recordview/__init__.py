"""What follows from a record's declaration: its list, form, history and file.

Nothing here knows the name of a field; a page that wants more than the declaration says
wraps these widgets.
"""
