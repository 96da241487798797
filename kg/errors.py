"""The project's errors; each message names the place, the bad value and what would be right.

    KgError
    |-- InputError          nothing readable at a path, or a bad option value
    |-- GraphFolderError    the graph folder is missing, of another version, or damaged
    |-- QueryError          SPARQL that cannot be run, or an unknown named query or parameter
    |-- ModelError          the language pipeline cannot be loaded
    |-- ExportError         an unknown format, or a file that cannot be written
    |-- RemoteError         a server that cannot be reached, refuses, is slow, or answers with something else
    |-- EngineError         an engine that cannot run here, or failed
    `-- PluginError         a plug-in of another package that cannot be used
"""


class KgError(Exception):
    """Base of all errors that a user can mend; the command line shows them as one line and exits with 2."""


class InputError(KgError):
    """Nothing readable at a path, or an option with a value that cannot be used."""


class GraphFolderError(KgError):
    """The graph folder is missing, was written by another version, or is damaged."""


class QueryError(KgError):
    """SPARQL that cannot be parsed or run, or an unknown named query or parameter."""


class ModelError(KgError):
    """The language pipeline cannot be found or loaded."""


class ExportError(KgError):
    """An unknown export format, or a file that cannot be written."""


class RemoteError(KgError):
    """A server that cannot be reached, refuses, is slow, or answers with something else than what was asked for."""


class PluginError(KgError):
    """A plug-in that cannot be loaded or used; the message names its package."""


class EngineError(KgError):
    """An engine that was asked for cannot run here, or failed."""
