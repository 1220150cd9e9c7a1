"""The dossier's PDF beside a bare ReportLab document with the same strings.

The base is ReportLab's own flowing document, one Paragraph a string, in the same
embedded font. Run by hand, this also prints its bare canvas (one drawString a
string), a floor that breaks no line and places nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate

from migdesk.printing import fonts, pdf
from migdesk.printing.blocks import Letterhead
from migdesk.printing.sheets.common import Imprint
from migdesk.printing.sheets.project_dossier import (
    BudgetLine,
    FinanceLine,
    Paper,
    ProjectDossier,
    Risk,
    Step,
    lay_out,
)

ROUNDS = 15
_TEXT = (
    "Le projet consiste à construire un poulailler, à former deux jeunes de la famille "
    "et à vendre les volailles aux marchés voisins. "
)


def run() -> list[tuple[str, float, float, float]]:
    """(name, our seconds, the base's seconds, highest ratio allowed)."""
    ours, flowing, _ = _measure()
    return [("dossier PDF / bare ReportLab document", ours, flowing, 2.0)]


def _measure() -> list[float]:
    """Seconds of ours, of the flowing document and of the bare canvas: best of some
    rounds, taken in turn so that a busy moment touches all."""
    document = lay_out(_dossier())
    strings = list(_strings(document.blocks))
    works: list[Callable[[], object]] = [
        lambda: pdf.to_bytes(document),
        lambda: _flowing(strings),
        lambda: _bare(strings),
    ]
    best = [float("inf")] * len(works)
    for _ in range(ROUNDS):
        for index, work in enumerate(works):
            start = time.perf_counter()
            work()
            best[index] = min(best[index], time.perf_counter() - start)
    return best


def _dossier() -> ProjectDossier:
    office = Letterhead("Bureau de Sédhiou", ("Face à la préfecture",), "8 h – 16 h")
    pairs = tuple((f"Libellé {i}", f"Valeur numéro {i}") for i in range(8))
    return ProjectDossier(
        Imprint("fr", office, "S-0093", "21 novembre 2026"),
        "Élevage de volailles",
        _TEXT,
        cover=pairs,
        promoter=pairs,
        activity=pairs,
        place=pairs,
        texts=tuple((f"Partie {i}", _TEXT * 6) for i in range(3)),
        budget=tuple(BudgetLine(f"Poste {i}", "12", "25 000", "300 000") for i in range(25)),
        budget_total="7 500 000",
        finance=tuple(FinanceLine(f"Source {i}", "don", "versé", "600 000") for i in range(8)),
        finance_total="4 800 000",
        gap="2 700 000",
        papers=tuple(Paper(f"Pièce {i}", i % 2 == 0, "à demander") for i in range(8)),
        risks=tuple(Risk(f"Risque {i}", "moyen", _TEXT) for i in range(4)),
        steps=tuple(Step(f"Étape {i}", "Bakary", "28 novembre", "à faire") for i in range(6)),
        promoter_name="Aminata Diallo",
        adviser_name="Fatou Diatta",
    )


def _strings(piece: Any) -> Iterator[str]:
    """Every text of some blocks."""
    if isinstance(piece, str):
        if len(piece) > 1:
            yield piece
    elif is_dataclass(piece):
        for field in fields(piece):
            yield from _strings(getattr(piece, field.name))
    elif isinstance(piece, list | tuple):
        for part in piece:
            yield from _strings(part)


def _flowing(strings: list[str]) -> bytes:
    out = BytesIO()
    style = ParagraphStyle("body", fontName=fonts.latin().name, fontSize=9.5, leading=13.5)
    SimpleDocTemplate(out, pagesize=A4, invariant=1).build(
        [Paragraph(text, style) for text in strings]
    )
    return out.getvalue()


def _bare(strings: list[str]) -> bytes:
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    y = 0.0
    for text in strings:
        if y < 60:
            if y:
                canvas.showPage()
            canvas.setFont(fonts.latin().name, 9.5)
            y = 780.0
        canvas.drawString(60, y, text)
        y -= 13.5
    canvas.save()
    return out.getvalue()


if __name__ == "__main__":
    print(len(list(_strings(lay_out(_dossier()).blocks))), "strings")
    ours, flowing, bare = (seconds * 1000 for seconds in _measure())
    print(f"{ours:.1f} ms; document {flowing:.1f} ({ours / flowing:.2f} times)")
    print(f"bare canvas {bare:.1f} ({ours / bare:.2f} times)")
