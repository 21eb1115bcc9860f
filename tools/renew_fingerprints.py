"""Write the fingerprint of the English (`of`) into translated entries.

    python tools/renew_fingerprints.py LIST LANG             entries that have none yet
    python tools/renew_fingerprints.py LIST LANG group.id …  these entries, translated again

A changed English entry makes its translation stale (`screening checklist lint`, W404). Renew it
only when the translation has been read again: the fingerprint is a person's word that the two say
the same.
"""

from __future__ import annotations

import sys
from pathlib import Path

from screening.checklist import load_checklist
from screening.checklist.texts import fingerprint
from screening.checklist.yamlfile import read_yaml


def renew(checklist_id: str, language: str, named: set[str]) -> int:
    """Insert or replace `of` lines in place; how many were written."""
    checklist = load_checklist(checklist_id)
    path = checklist.folder / "texts" / f"{language}.yaml"
    doc = read_yaml(path, path.name)
    english = checklist.texts("en").groups
    lines = path.read_text(encoding="utf-8").split("\n")
    written = 0
    for (group, key), line in sorted(
        ((r[:2], n) for r, n in doc.lines.items() if len(r) == 2), key=lambda pair: -pair[1]
    ):
        source = english.get(str(group), {}).get(str(key))
        entry = doc.data[group][key]
        if (
            source is None
            or not isinstance(entry, dict)
            or ("of" in entry and f"{group}.{key}" not in named)
        ):
            continue
        new = f'    of: "{fingerprint(source)}"'
        if "of" in entry:
            lines[doc.lines[group, key, "of"] - 1] = new
        elif lines[line - 1].rstrip().endswith("}"):
            lines[line - 1] = (
                lines[line - 1].rstrip()[:-1].rstrip() + f', of: "{fingerprint(source)}"}}'
            )
        else:
            lines.insert(line, new)
        written += 1
    path.write_text("\n".join(lines), encoding="utf-8")
    return written


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    print(
        renew(sys.argv[1], sys.argv[2], set(sys.argv[3:])),
        "entries",
        Path(sys.argv[1]).name,
        sys.argv[2],
    )
