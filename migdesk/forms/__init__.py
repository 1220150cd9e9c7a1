"""Questionnaires: from a workbook to a submission, with neither screen nor database.

form = Form.load(convert(data, ".xlsx").xml)
run = Run(form, language="Français (fr)")
run.set("/data/age", "34")
xml = run.finalise()
"""

from migdesk.forms.choices import Choice
from migdesk.forms.faults import FormFault, Place
from migdesk.forms.form import Form
from migdesk.forms.live import Live
from migdesk.forms.run import Run

__all__ = ["Choice", "Form", "FormFault", "Live", "Place", "Run"]
