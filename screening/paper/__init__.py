"""Everything that is printed: the letter, the street card, the score sheet."""
