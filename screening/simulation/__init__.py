"""Invented cases from declared worlds.

They test and teach; they are evidence of nothing in the field.
"""

from screening.simulation.universe import universe
from screening.simulation.world import World, families, load_world, world_ids

__all__ = ["World", "families", "load_world", "universe", "world_ids"]
