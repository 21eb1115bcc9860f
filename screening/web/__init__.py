"""The interview in the browser, on this machine only."""
