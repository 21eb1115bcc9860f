"""A card of few items and whole points: learned, printed, read back. Scoring with one needs neither numpy nor scikit-learn."""
