"""The command line does the same as the window, with exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfReader

from migdesk import cli
from migdesk.keys import Cost, KeyFile
from migdesk.models.store import Store
from migdesk.paths import Paths, resource
from migdesk.services import office

PASSWORD = "a quiet morning"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    paths = Paths(tmp_path / "home").make()
    cheap = Cost(memory=8 * 1024, passes=1, lanes=1)
    _keys, key, _recovery = KeyFile.create(paths.keys, "acc", "Fatou", PASSWORD, cost=cheap)
    store = Store.open(paths.database, key, create=True)
    store.write(office.found, {"name": "HOM Sédhiou", "country": "SN"}, "Fatou", "acc")
    store.close()
    monkeypatch.setenv("MIGDESK_PASSWORD", PASSWORD)
    return paths.home


def test_import_projects_says_what_it_found(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    projects = str(resource("demo", "projects.csv"))
    args = ["--home", str(home), "--language", "en"]
    assert cli.run([*args, "import", projects, "--as", "projects"]) == 0
    assert "51 projects" in (said := capsys.readouterr().out)
    assert "123 mentions" in said and "16 target countries" in said
    out = home / "sheets"
    assert cli.run([*args, "print", "partner-sheet", "--all", "--out", str(out)]) == 0
    sheets = sorted(out.glob("partner-sheet-*.pdf"))
    assert len(sheets) == 119
    text = "".join(page.extract_text() for page in PdfReader(sheets[0]).pages)
    assert "HOM Sédhiou" in text


def test_backup_and_check(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--home", str(home), "backup", "--out", str(home / "safe")]) == 0
    assert len(list((home / "safe").glob("*.migbackup"))) == 1
    # No backup lies in the home yet, and the check says so.
    assert cli.run(["--home", str(home), "--language", "en", "check"]) == 1
    said = capsys.readouterr().out
    assert "The file is whole" in said and "CHK-013" in said
    assert cli.run(["--home", str(home), "backup"]) == 0
    capsys.readouterr()
    assert cli.run(["--home", str(home), "--language", "en", "check"]) == 0
    assert "CHK-013" not in capsys.readouterr().out


def test_restore_and_export_all(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["--home", str(home), "backup", "--out", str(tmp_path / "safe")]) == 0
    (backup,) = (tmp_path / "safe").iterdir()
    other = tmp_path / "other"
    assert cli.run(["--home", str(other), "--language", "en", "restore", str(backup)]) == 0
    assert "HOM Sédhiou" in capsys.readouterr().out
    args = ["--home", str(other), "export-all", str(tmp_path / "all"), "--format", "csv"]
    assert cli.run([*args, "--to", "The agency", "--reason", "Audit"]) == 0
    assert (tmp_path / "all/tables/office.csv").exists()
    assert cli.run(["--home", str(other), "restore", str(tmp_path / "nothing")]) == 1
    assert "BAK-001" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["import", "missing.csv", "--as", "projects"], "TAB-001"),
        (["import", "missing.csv", "--as", "nonsense"], "CLI-003"),
        (["--account", "Nobody", "check"], "CLI-001"),
    ],
)
def test_failures_have_a_code_and_a_reason(
    home: Path, args: list[str], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["--home", str(home), *args]) == 1
    assert code in capsys.readouterr().err


def test_no_database_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--home", str(tmp_path), "check"]) == 1
    assert "CLI-002" in capsys.readouterr().err


def test_a_wrong_password_is_refused(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MIGDESK_PASSWORD", "something else")
    assert cli.run(["--home", str(home), "check"]) == 1
    assert "KEY-" in capsys.readouterr().err
