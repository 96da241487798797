"""A knowledge graph of UK policing, read from news and reports, with the sentence behind every fact.

>>> import kg
>>> graph = kg.open("graph")
>>> print(graph.facts(about="Daniel Frost", status="alleged")[0])
alleged: Daniel Frost - accused of - assault (document charged)

``kg.build`` reads documents, ``kg.open`` opens a graph that was built; ``kg.api`` tells what can be asked of it.
Importing the package does no work: each name is looked up when it is first asked for.
"""

TYPE_CHECKING = False  # type checkers take it for true; typing itself is not imported, as that alone takes longer than all of this
__version__ = "0.1.0"

#: public name -> the module that defines it
_PUBLIC = {
    **dict.fromkeys(("build", "open", "Graph", "Entity", "Fact", "Facts", "Evidence", "Answer", "Document", "Status"), "kg.api"),
    **dict.fromkeys(("KgError", "InputError", "GraphFolderError", "QueryError", "ModelError", "ExportError", "PluginError"), "kg.errors"),
    "Config": "kg.config",
}

if TYPE_CHECKING:
    from kg.api import Answer, Document, Entity, Evidence, Fact, Facts, Graph, Status, build, open
    from kg.config import Config
    from kg.errors import ExportError, GraphFolderError, InputError, KgError, ModelError, PluginError, QueryError

__all__ = [
    "Answer", "Config", "Document", "Entity", "Evidence", "ExportError", "Fact", "Facts", "Graph", "GraphFolderError", "InputError",
    "KgError", "ModelError", "PluginError", "QueryError", "Status", "build", "open",
]


def __getattr__(name: str) -> object:
    # By import_module and not by an import statement: the stages import this package, and none of them depends on the API.
    from importlib import import_module

    if name not in _PUBLIC:
        raise AttributeError(f"module 'kg' has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_PUBLIC})
