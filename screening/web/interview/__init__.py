"""The pages of an interview."""
