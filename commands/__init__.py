"""One verb per file: the file is the feature."""
