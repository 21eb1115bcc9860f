#!/bin/sh
# Installs the interview on this computer from this folder. Needs no network and no administrator.
#   sh install.sh [FOLDER]
# What it makes: FOLDER (a virtual environment), and an entry in the menu that opens the interview.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
home=${1:-${XDG_DATA_HOME:-$HOME/.local/share}/screening}

python=
for name in @NAMES@ python3 python; do
    if "$name" -c 'import sys; sys.exit(sys.version_info[:2] not in (@VERSIONS@))' 2>/dev/null; then
        python=$name
        break
    fi
done
if [ -z "$python" ]; then
    echo "Python is missing: one of @LISTED@ is needed. Install it, then run this again." >&2
    exit 1
fi

"$python" -m venv --without-pip "$home"
for pip in "$here"/wheels/pip-*.whl; do :; done
PIP_NO_INDEX=1 PIP_FIND_LINKS="$here/wheels" PIP_CONFIG_FILE=/dev/null PIP_DISABLE_PIP_VERSION_CHECK=1
export PIP_NO_INDEX PIP_FIND_LINKS PIP_CONFIG_FILE PIP_DISABLE_PIP_VERSION_CHECK
"$home/bin/python" "$pip/pip" install -q --require-hashes -r "$here/requirements.txt"
"$home/bin/python" -m pip install -q --no-deps --force-reinstall "$here"/wheels/screening-*.whl
"$home/bin/screening" checklist lint >/dev/null

if [ "$(uname)" = Darwin ]; then
    entry="$HOME/Applications/Screening.command"
    mkdir -p "$HOME/Applications"
    printf '#!/bin/sh\nexec "%s/bin/screening" serve --once\n' "$home" >"$entry"
    chmod 755 "$entry"
else
    entry="${XDG_DATA_HOME:-$HOME/.local/share}/applications/screening.desktop"
    mkdir -p "$(dirname "$entry")"
    {
        echo '[Desktop Entry]'
        echo 'Type=Application'
        echo 'Name=Screening'
        echo 'Terminal=true'
        printf 'Exec="%s/bin/screening" serve --once\n' "$home"
    } >"$entry"
fi
echo "Done. The entry Screening in the menu opens the interview ($entry)."
