# On Windows: dist\migdesk (start migdesk.exe in it) and dist\migdesk.zip.
# Needs Python 3.11 or later from python.org. Not signed.
$ErrorActionPreference = "Stop"
Set-Location (Join-Path $PSScriptRoot "..")

function Invoke-Step([string] $Program, [string[]] $Arguments) {
    & $Program @Arguments
    if ($LASTEXITCODE -ne 0) { throw "$Program $Arguments failed" }
}

$python = ".venv\Scripts\python.exe"
if (-not (Test-Path $python)) { Invoke-Step "py" @("-3", "-m", "venv", ".venv") }
Invoke-Step $python @("-m", "pip", "install", "--quiet", "--requirement", "requirements.lock")
Invoke-Step $python @("packaging\make_fonts.py")
Invoke-Step $python @("packaging\catalogues.py", "compile")
Invoke-Step $python @("packaging\make_icon.py", "build\migdesk.png")
Invoke-Step $python @("-m", "PyInstaller", "--noconfirm", "--clean", "--distpath", "dist",
    "--workpath", "build\pyinstaller", "packaging\migdesk.spec")
Compress-Archive -Force -Path "dist\migdesk" -DestinationPath "dist\migdesk.zip"
