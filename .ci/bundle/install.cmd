@echo off
rem strategy @@VERSION@@ をこのPCの、今の利用者のために入れます。インターネットも管理者の権限も要りません。
setlocal
cd /d "%~dp0"
set "TARGET=%LOCALAPPDATA%\strategy"
set "PYTHON="
for %%V in (3.13 3.12) do if not defined PYTHON py -%%V -c "" >nul 2>nul && set "PYTHON=py -%%V"
if not defined PYTHON (
    echo Python 3.12 か 3.13（64ビット）が見つかりません。先に入れてから、もう一度実行してください。
    goto failed
)
%PYTHON% -m venv --clear "%TARGET%" || goto failed
"%TARGET%\Scripts\python.exe" -m pip install --quiet --disable-pip-version-check --no-index --find-links wheels "atsugi-cli[all]==@@VERSION@@" || goto failed
"%TARGET%\Scripts\strategy.exe" --version || goto failed
powershell -NoProfile -Command "$p=[Environment]::GetEnvironmentVariable('Path','User'); $d=$env:TARGET+'\Scripts'; if (($p -split ';') -notcontains $d) { [Environment]::SetEnvironmentVariable('Path', (@($p,$d) -ne '' -join ';'), 'User') }" || goto failed
echo 入れました。新しく開いたコマンドプロンプトで strategy と打つと始められます。
pause
exit /b 0
:failed
echo 入れられませんでした。上の表示を、配った担当に知らせてください。
pause
exit /b 1
