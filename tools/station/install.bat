@echo off
rem Installs the interview on this computer from this folder. Needs no network and no administrator.
rem   install.bat [FOLDER]
rem What it makes: FOLDER (a virtual environment), and an entry in the start menu that opens the interview.
setlocal EnableExtensions
cd /d "%~dp0"
set "HOMEDIR=%~1"
if "%HOMEDIR%"=="" set "HOMEDIR=%LOCALAPPDATA%\Screening"

set "PY="
for %%v in (@SHORT@) do if not defined PY (
    py -%%v -c "import struct, sys; sys.exit(struct.calcsize('P') != 8)" >nul 2>&1 && set "PY=py -%%v"
)
if not defined PY (
    python -c "import struct, sys; sys.exit(struct.calcsize('P') != 8 or sys.version_info[:2] not in (@VERSIONS@))" >nul 2>&1 && set "PY=python"
)
if not defined PY (
    echo Python is missing: one of @LISTED@, 64 bit, is needed. Install it, then run this again.
    goto failed
)

%PY% -m venv --without-pip "%HOMEDIR%" || goto failed
set "PIP_NO_INDEX=1"
set "PIP_FIND_LINKS=wheels"
set "PIP_CONFIG_FILE=nul"
set "PIP_DISABLE_PIP_VERSION_CHECK=1"
for %%f in (wheels\pip-*.whl) do set "PIPWHEEL=%%f"
for %%f in (wheels\screening-*.whl) do set "OWN=%%f"
"%HOMEDIR%\Scripts\python.exe" "%PIPWHEEL%\pip" install -q --require-hashes -r requirements.txt || goto failed
"%HOMEDIR%\Scripts\python.exe" -m pip install -q --no-deps --force-reinstall "%OWN%" || goto failed
"%HOMEDIR%\Scripts\screening.exe" checklist lint >nul || goto failed

powershell -NoProfile -Command "$s = (New-Object -ComObject WScript.Shell).CreateShortcut((Join-Path ([Environment]::GetFolderPath('Programs')) 'Screening.lnk')); $s.TargetPath = (Join-Path $env:HOMEDIR 'Scripts\screening.exe'); $s.Arguments = 'serve --once'; $s.WorkingDirectory = $env:USERPROFILE; $s.Save()" || goto failed
echo Done. The entry Screening in the start menu opens the interview.
pause
exit /b 0

:failed
echo Nothing was changed but the folder "%HOMEDIR%", which may be deleted.
pause
exit /b 1
