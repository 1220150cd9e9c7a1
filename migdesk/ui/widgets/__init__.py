"""Small parts that pages are made of. No part has a colour of its own: the style sheet
of `migdesk.ui.theme` reads their dynamic properties."""
