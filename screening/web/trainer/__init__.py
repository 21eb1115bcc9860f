"""The trainer's pages: ratings, weights, signatures."""
