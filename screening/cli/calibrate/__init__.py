"""`screening calibrate ...`: from ratings to a signed weight set in force, step by step."""
