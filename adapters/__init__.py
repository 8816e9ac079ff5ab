"""One platform per folder: a translation between its wire format and ``chat``."""
