"""The pages of the casebook: today, a case, a quick meeting, handing over, finding."""
