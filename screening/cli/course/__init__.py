"""`screening train-officer`: a course on invented cases in a terminal."""
