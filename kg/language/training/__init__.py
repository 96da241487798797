"""Training of the shipped pipeline; needs the extra ``[train]`` (torch, conllu, onnx). Nothing here is used at run time."""
