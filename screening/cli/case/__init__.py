"""`case`: one case of a casebook, looked at and worked on over days."""
