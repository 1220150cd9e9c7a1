"""The style sheet. Colours and sizes are names filled by `migdesk.ui.theme`.

Paddings are the same left and right, so that the mirrored window needs no second sheet.
"""

SHEET = """
QWidget { color: $text; }
QMainWindow, QDialog, QStackedWidget, QScrollArea, QWidget[role="page"] { background: $page; }
QScrollArea { border: none; }
QScrollArea > QWidget > QWidget[role="page"] { background: $page; }
QToolTip { background: $surface; color: $text; border: 1px solid $edge; padding: 4px 6px; }

QLabel { background: transparent; }
QLabel[role="brand"] { font-size: $p16; font-weight: 700; color: $deep; }
QLabel[role="title"] { font-size: $p20; font-weight: 700; }
QLabel[role="question"] { font-size: $p18; font-weight: 700; }
QLabel[role="section"], QLabel[role="strong"], QLabel[role="heading"],
QLabel[role="total"] { font-weight: 700; }
QLabel[role="subtitle"], QLabel[role="muted"] { color: $muted; }
QLabel[role="caption"], QLabel[role="label"], QLabel[role="field"] { font-size: $p13;
  color: $muted; }
QLabel[role="figure"] { font-size: $p26; font-weight: 700; color: $deep; }
QLabel[role="time"] { font-weight: 700; color: $deep; }
QLabel[role="recovery"] { font-size: $p22; font-weight: 700; color: $deep; }
QLabel[tone="late"], QLabel[role="error"] { color: $late; }
QLabel[role="error"] { font-size: $p13; }
QLabel[tone="waiting"] { color: $waiting; }
QLabel[tone="done"] { color: $done; }

QLabel[role="badge"] {
  background: $chip; color: $muted; border-radius: $p8; padding: 0 8px;
  min-height: $p18; font-size: $p12;
}
QLabel[role="badge"][tone="accent"] { background: $passed; color: $deep; }
QLabel[role="badge"][tone="waiting"] { background: $waiting_wash; color: $waiting; }
QLabel[role="badge"][tone="late"] { background: $late_wash; color: $late; }
QLabel[role="badge"][tone="done"] { background: $done_wash; color: $done; }
QLabel[role="key"] {
  background: $chip; color: $muted; border: 1px solid $line; border-radius: 4px;
  padding: 1px 6px; font-size: $p12;
}
QLabel[role="key"][on="primary"] {
  background: $press; color: $on_accent; border-color: $press;
}

QLabel[role="key"][off="true"] {
  background: transparent; color: $muted; border-color: $line;
}
QFrame[role="card"] QStackedWidget, QFrame[role="card"] QScrollArea { background: transparent; }

QFrame[role="card"] { background: $surface; border: 1px solid $line; border-radius: 8px; }
QFrame[role="card"][chosen="true"] { border: 2px solid $accent; }
QFrame[role="chips"] { background: $surface; border: 1px solid $edge; border-radius: 6px;
  min-height: $p32; }
QFrame[role="chip"] { background: $chip; border: none; border-radius: $p9; }
QFrame[role="popup"] { background: $surface; border: 1px solid $edge; border-radius: 6px; }
QLabel[role="picture"] { background: $chip; border: 1px solid $line; border-radius: 6px;
  color: $muted; }
QFrame[role="rule"] { background: $line; border: none; max-height: 1px; min-height: 1px; }
QFrame[role="bar"] { background: $chip; border: none; border-bottom: 1px solid $line; }
QFrame[role="bar"][tone="done"] { background: $done_wash; }
QFrame[role="bar"][tone="done"] QLabel { color: $done; }
QFrame[role="bar"][tone="waiting"] { background: $waiting_wash; }
QFrame[role="bar"][tone="waiting"] QLabel { color: $waiting; }
QFrame[role="bar"][tone="late"] { background: $late_wash; }
QFrame[role="bar"][tone="late"] QLabel { color: $late; }

QPushButton {
  background: $surface; border: 1px solid $edge; border-radius: 6px;
  padding: 0 14px; min-height: $p32;
}
QPushButton:hover { background: $chip; }
QPushButton:pressed { background: $wash; }
QPushButton:focus { border: 2px solid $accent; padding: 0 13px; }
QPushButton:disabled { color: $muted; background: $page; border-color: $line; }
QPushButton:checked { background: $wash; border-color: $accent; color: $deep; }
QPushButton::menu-indicator { image: none; width: 0; }
QPushButton[role="who"] { background: transparent; border: 1px solid transparent;
  padding: 0 8px; }
QPushButton[role="who"]:hover { background: $chip; }
QPushButton[role="who"]:focus { border: 2px solid $accent; }
QPushButton[role="primary"] {
  background: $accent; border-color: $accent; color: $on_accent; font-weight: 700;
}
QPushButton[role="primary"]:hover, QPushButton[role="primary"]:pressed { background: $press; }
QPushButton[role="primary"]:focus { border: 2px solid $text; }
QPushButton[role="primary"]:disabled {
  background: $chip; border-color: $line; color: $muted;
}
QPushButton[role="chip"] { background: $chip; border: 1px solid $line; min-height: $p24;
  border-radius: $p12; padding: 0 10px; font-size: $p13; }
QPushButton[role="chip"]:checked { background: $wash; border-color: $accent; }
QPushButton[role="danger"] { color: $late; border-color: $late; }
QPushButton[role="flat"], QPushButton[role="link"] {
  background: transparent; border: 1px solid transparent; padding: 0 8px;
}
QPushButton[role="flat"]:hover { background: $chip; }
QPushButton[role="link"] { color: $muted; font-size: $p13; min-height: $p22; padding: 0 4px; }
QPushButton[role="link"]:hover { color: $deep; }
QPushButton[role="flat"]:focus, QPushButton[role="link"]:focus {
  border: 2px solid $accent; border-radius: 6px;
}
QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px;
  padding: 4px; }
QToolButton:hover { background: $chip; }
QToolButton::menu-indicator { image: none; width: 0; }
QToolButton[role="inner"] { color: $muted; padding: 0 4px; }
QToolButton:focus { border: 2px solid $accent; }

QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QAbstractSpinBox {
  background: $surface; border: 1px solid $edge; border-radius: 6px; padding: 0 10px;
  min-height: $p32; selection-background-color: $accent; selection-color: $on_accent;
}
QPlainTextEdit, QTextEdit { padding: 6px 8px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus,
QAbstractSpinBox:focus { border: 2px solid $accent; padding: 0 9px; min-height: $p30; }
QPlainTextEdit:focus, QTextEdit:focus { padding: 5px 7px; }
QLineEdit, QPlainTextEdit, QTextEdit { placeholder-text-color: $muted; }
QLineEdit:read-only, QPlainTextEdit[readonly="true"], QFrame[role="search"]:disabled {
  background: $page; }
QLineEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled { background: $page;
  color: $muted; border-color: $line; }
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"], QComboBox[wrong="true"],
QAbstractSpinBox[wrong="true"] { border: 2px solid $late; padding: 0 9px;
  min-height: $p30; }
QPlainTextEdit[wrong="true"] { padding: 5px 7px; }
QLineEdit[role="big"] { font-size: $p18; min-height: $p44; padding: 0 14px; }
QLineEdit[role="plain"], QLineEdit[role="bare"], QLineEdit[role="plain"]:focus,
QLineEdit[role="bare"]:focus { border: none; background: transparent; padding: 0;
  min-height: 0; }
QLineEdit[role="big"]:focus { min-height: $p42; padding: 0 13px; }
QComboBox { padding: 0 8px; }
QComboBox:focus, QComboBox[wrong="true"] { padding: 0 7px; }
QComboBox QLineEdit, QAbstractSpinBox QLineEdit, QComboBox QLineEdit:focus,
QAbstractSpinBox QLineEdit:focus { border: none; padding: 0; min-height: 0;
  background: transparent; }
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus { padding: 0 8px; }
QComboBox::drop-down { border: none; width: $p24; }
QComboBox::down-arrow { image: url("icons:arrow-down.svg"); width: 12px; height: 12px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: none; width: $p20; }
QAbstractSpinBox::up-arrow { image: url("icons:arrow-up.svg"); width: 10px; height: 10px; }
QAbstractSpinBox::down-arrow { image: url("icons:arrow-down.svg"); width: 10px;
  height: 10px; }
QComboBox QAbstractItemView, QListView[role="popup"] {
  background: $surface; border: 1px solid $edge; padding: 4px; outline: none;
}
QCheckBox, QRadioButton { background: transparent; spacing: 8px; min-height: $p24; }
QCheckBox:focus, QRadioButton:focus { color: $deep; text-decoration: underline; }
QCheckBox::indicator, QRadioButton::indicator, QAbstractItemView::indicator {
  width: $p16; height: $p16; background: $surface; border: 1px solid $muted;
  border-radius: 4px;
}
QRadioButton::indicator { border-radius: $p8; }
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked {
  background: $accent; border-color: $accent; image: url("icons:check-$check.svg");
}
QCheckBox::indicator:indeterminate { background: $line; }
QRadioButton::indicator:checked {
  width: $p8; height: $p8; border: $p5 solid $accent; border-radius: $dot;
}
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: $line; }

QMenu { background: $surface; border: 1px solid $edge; padding: 4px; }
QMenu::item { padding: 6px 24px; border-radius: 4px; }
QMenu::item:selected { background: $wash; color: $deep; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }

QAbstractItemView {
  background: $surface; border: 1px solid $line; border-radius: 8px; outline: none;
  alternate-background-color: $page; gridline-color: $line;
  selection-background-color: $wash; selection-color: $text;
}
QAbstractItemView::item { padding: 6px 8px; border: none; }
QTableView::item, QTreeView::item { border-bottom: 1px solid $line; }
QListView::item { border-radius: 4px; }
QAbstractItemView::item:hover { background: $chip; color: $text; }
QAbstractItemView::item:selected { background: $wash; color: $text; }
QAbstractItemView:focus { border-color: $accent; }
QAbstractItemView[role="flat"], QAbstractItemView[role="plain"],
QAbstractItemView[role="flat"]:focus, QAbstractItemView[role="plain"]:focus { border: none; }
QListView[role="popup"]::item:disabled { color: $muted; background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QHeaderView { background: $surface; border: none; }
QHeaderView::section {
  background: $surface; color: $muted; font-size: $p13; font-weight: 700; border: none;
  border-bottom: 1px solid $line; padding: 8px 11px;
}
QTableCornerButton::section { background: $surface; border: none; }

QProgressBar { background: $passed; border: none; border-radius: 3px; max-height: 6px;
  min-height: 6px; color: transparent; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: $passed; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: $edge; border-radius: 4px; margin: 2px; min-height: 32px;
  min-width: 32px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QTabWidget::pane { border: none; border-top: 1px solid $line; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; color: $muted; padding: 8px 0; margin: 0 11px;
  border: none; border-bottom: 2px solid transparent; }
QTabBar::tab:first { margin-$lead: 0; }
QTabBar::tab:hover { color: $deep; }
QTabBar::tab:selected { color: $deep; font-weight: 700; border-bottom: 2px solid $accent; }
QTabBar:focus { text-decoration: underline; }
QGroupBox { border: none; margin-top: $p24; font-weight: 700; }
QGroupBox::title { subcontrol-origin: margin; padding: 0; }

QWidget[role="nav"] { background: $surface; }
QFrame[role="navline"] { background: $line; border: none; max-width: 1px; min-width: 1px; }
QWidget[role="top"] { background: $surface; }
QAbstractButton[role="nav"] { background: transparent; border: 2px solid transparent;
  border-radius: 6px; padding: 0; min-height: $p32; }
QAbstractButton[role="nav"]:hover { background: $chip; }
QAbstractButton[role="nav"]:checked { background: $wash; }
QAbstractButton[role="nav"]:focus { border-color: $accent; }
QAbstractButton[role="nav"][chosen="true"] QLabel[role="word"] { color: $deep;
  font-weight: 700; }
QAbstractButton[role="nav"][chosen="true"] QLabel[role="badge"][tone=""] {
  background: $passed; color: $deep; }

QFrame[role="search"] { background: $surface; border: 1px solid $edge; border-radius: 6px; }
QFrame[role="search"][focused="true"] { border: 2px solid $accent; }

QWidget[role="row"] { background: transparent; border: none;
  border-bottom: 1px solid $line; }
QWidget[role="row"][last="true"] { border-bottom: none; }
QWidget[role="row"]:hover { background: $page; }
QWidget[role="row"]:focus { background: $wash; border-bottom: 2px solid $accent; }

QLabel[role="stage"] { background: $chip; color: $muted; padding: 0 12px; font-size: $p13;
  min-height: $p34; }
QLabel[role="stage"][state="done"] { background: $passed; color: $deep; }
QLabel[role="stage"][state="current"] { background: $accent; color: $on_accent;
  font-weight: 700; }
QLabel[role="stage"]:focus { border: 2px solid $accent; padding: 0 10px;
  min-height: $p30; }
QLabel[role="stage"][state="current"]:focus { border-color: $text; }
QFrame[role="paper"] { background: #ffffff; border: 1px solid $edge; }
"""
