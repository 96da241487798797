"""The trained network to int8 ONNX and a spaCy pipeline folder."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic  # type: ignore[import-untyped]  # it ships no types
from torch import Tensor, nn

from kg import __version__
from kg.language.components import Encoder
from kg.language.labels import Labels
from kg.language.tokens import blank
from kg.language.training.network import Network

_OUTPUTS = ["words", "xpos", "upos", "lemma", "start", "spans", "arcs"]


class _Encoder(nn.Module):
    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor, mask: Tensor, first: Tensor, last: Tensor, shapes: Tensor) -> tuple[Tensor, ...]:
        n = self.network
        words = n.words(ids, mask, first, last, shapes)
        return words, n.xpos(words), n.upos(words), n.lemma(words), n.start(words), n.spans(words), n.arcs(words)[0]


class _Relations(nn.Module):
    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, words: Tensor, heads: Tensor) -> Tensor:
        rooted = torch.cat([self.network.root.expand(words.size(0), 1, -1), words], 1)
        return self.network.relations(words, rooted, heads)


class _References(nn.Module):
    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, words: Tensor) -> Tensor:
        return self.network.antecedents(words)


def _write(
    module: nn.Module, arguments: tuple[Tensor, ...], inputs: list[str], outputs: list[str], axes: dict[str, dict[int, str]], path: Path
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        torch.onnx.export(
            module, arguments, str(plain), input_names=inputs, output_names=outputs, dynamic_axes=axes, opset_version=17, dynamo=False
        )
        quantize_dynamic(
            str(plain), str(path), weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul", "Gather", "Gemm"]
        )


def export(network: Network, labels: Labels, tokenizer: Path, folder: Path) -> None:
    """Write the pipeline to ``folder`` so that ``spacy.load(folder)`` gives it."""
    network.eval()
    parts = Path(tempfile.mkdtemp())
    ids = torch.randint(5, 900, (1, 12))
    index = torch.arange(1, 9)[None]
    batch = (ids, torch.ones_like(ids), index, index, torch.zeros_like(index))
    inputs = ["ids", "mask", "first", "last", "shapes"]
    axes = {k: {0: "b", 1: "t"} for k in inputs[:2]} | {k: {0: "b", 1: "n"} for k in (*inputs[2:], *_OUTPUTS)}
    _write(_Encoder(network), batch, inputs, _OUTPUTS, axes, parts / "encoder.onnx")
    with torch.inference_mode():
        words = network.words(*batch)
    words = words.clone()
    both = {0: "b", 1: "n"}
    _write(
        _Relations(network),
        (words, torch.zeros_like(index)),
        ["words", "heads"],
        ["deps"],
        {"words": both, "heads": both, "deps": both},
        parts / "relations.onnx",
    )
    _write(
        _References(network),
        (words,),
        ["words"],
        ["scores"],
        {"words": both, "scores": {0: "b", 1: "n", 2: "n"}},
        parts / "references.onnx",
    )
    m = torch.tensor([0, 2, 4])
    p = torch.tensor([0, 1, 2, 0])
    facts_in = ["words", "start", "end", "types", "kinds", "subjects", "objects"]
    facts_axes = (
        {"words": {0: "n"}} | {k: {0: "m"} for k in facts_in[1:5]} | {k: {0: "p"} for k in (*facts_in[5:], "predicates", "statuses")}
    )
    _write(
        network.facts,
        (words[0], m, m + 1, m, torch.zeros_like(m), p, p.flip(0)),
        facts_in,
        ["predicates", "statuses"],
        facts_axes,
        parts / "facts.onnx",
    )
    shutil.copyfile(tokenizer, parts / "tokenizer.json")
    labels.save(parts / "labels.json")
    nlp = blank()
    nlp.meta.update(
        name="kg_policing",
        version=__version__,
        license="CC BY-SA 4.0",
        description="Names, trees, coreference and facts for UK policing news",
    )
    encoder = nlp.add_pipe("kg_encoder")
    assert isinstance(encoder, Encoder)
    encoder.from_disk(parts)
    nlp.to_disk(folder)
    shutil.rmtree(parts)
