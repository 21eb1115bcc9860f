"""Files of any kind: written whole or not at all, read as text, safe to open in a spreadsheet."""
