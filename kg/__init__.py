"""A knowledge graph of UK policing, read from news and reports, with the sentence behind every fact."""

__version__ = "0.1.0"
