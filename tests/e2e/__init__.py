"""The page in dist/, used as a person would, in Chromium and Firefox."""
