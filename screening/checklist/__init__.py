"""The knowledge: lists of indicators, weight sets, words and pathways, loaded strictly from YAML."""

from screening.checklist.loader import catalogue_ids, data_folder, load_checklist, load_mapping, load_weights, weight_set_ids
from screening.checklist.model import Checklist, RuleSet, Vignettes, WeightSet
from screening.checklist.texts import Texts
from screening.checklist.vignettes import load_vignettes, vignette_ids
from screening.words import LANGUAGES

__all__ = [
    "LANGUAGES", "Checklist", "RuleSet", "Texts", "Vignettes", "WeightSet", "catalogue_ids", "data_folder", "load_checklist",
    "load_mapping", "load_vignettes", "load_weights", "vignette_ids", "weight_set_ids",
]
