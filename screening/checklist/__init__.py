"""The knowledge: lists of indicators, weight sets, words and pathways, loaded strictly from
YAML.
"""

from screening.checklist.loader import catalogue_ids, data_folder, load_checklist, load_mapping
from screening.checklist.model import Checklist, RuleSet, Standing, Vignettes, WeightSet
from screening.checklist.texts import Texts
from screening.checklist.vignettes import load_vignettes, teaching_sets, vignette_ids
from screening.checklist.weights import load_weights, weight_set_ids
from screening.i18n import LANGUAGES

__all__ = [
    "LANGUAGES",
    "Checklist",
    "RuleSet",
    "Standing",
    "Texts",
    "Vignettes",
    "WeightSet",
    "catalogue_ids",
    "data_folder",
    "load_checklist",
    "load_mapping",
    "load_vignettes",
    "load_weights",
    "teaching_sets",
    "vignette_ids",
    "weight_set_ids",
]
