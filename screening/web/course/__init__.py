"""The pages of a course on vignettes."""
