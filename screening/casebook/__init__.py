"""Where interviews are kept while they are worked on, and how one leaves the machine's memory:
sealed in a file.
"""

from screening.casebook.memory import CaseStore, MemoryStore, Moved

__all__ = ["CaseStore", "MemoryStore", "Moved"]
