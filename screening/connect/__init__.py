"""Doors to other systems: what leaves this program to be used without it."""
