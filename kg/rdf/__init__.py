"""Parts of the graph stage: how dates, triples, assertions and events are laid down in RDF."""
