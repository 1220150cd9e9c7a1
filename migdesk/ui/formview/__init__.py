"""Filling a questionnaire on the screen: one more client of the forms engine."""

from migdesk.ui.formview.filling import About, Filling
from migdesk.ui.formview.reading import ReadView
from migdesk.ui.formview.start import StartPanel
from migdesk.ui.formview.view import FormView

__all__ = ["About", "Filling", "FormView", "ReadView", "StartPanel"]
