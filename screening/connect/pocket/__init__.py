"""The pocket edition: the list, its weights and a small engine in one HTML file for a phone.

It needs no network, no server and no Python. It keeps nothing by itself; what is recorded leaves
it as an encrypted file or as a code that the laptop reads.
"""

from screening.connect.pocket.page import LARGEST, pocket_html

__all__ = ["LARGEST", "pocket_html"]
