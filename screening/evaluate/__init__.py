"""Measured quality: who is found and who is missed, by subgroup, with n and interval, beside other ways of screening."""
