"""Weights from people: ratings, agreement, proposals, impact, signatures.

Every step leaves its reasons in a file.
"""
