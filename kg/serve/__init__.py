"""The server: SPARQL 1.1 Protocol, Graph Store reads, and pages, over one graph folder that it only reads.

One process speaks HTTP and never asks the store itself. Questions run in worker processes (``pool.py``, ``worker.py``), which are killed
and replaced where a question takes too long or too much memory, so that no question can stop the next one from being answered.
"""
