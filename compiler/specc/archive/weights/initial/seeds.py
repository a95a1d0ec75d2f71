"""What each weight of a model begins with: its initializer, with the seed that Keras would draw for it.

``keras.utils.set_random_seed`` seeds Python's ``random``. From then on every random initializer and every seed generator
that is constructed without a seed draws one (Keras: ``make_default_seed``). So the seeds depend on the order in which
`specc.backends.keras_model` constructs layers and calls them, and on what Keras's constructors and ``build`` do, which is
replayed here. Most follows from a layer's arguments and weights: the constructor draws for its initializers in the order of its
signature, then for its seed generator; ``build`` draws for weights that no argument is about. The rest is in the tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from specc import objects
from specc.archive.weights.initial.initializers import LeftToKeras, Numbers, numbers_of, whole
from specc.calls import Callee, Weight
from specc.ir import NestedModel, TypedGraph
from specc.layers.core import Input
from specc.layers.inner import inner_names
from specc.layers.wrappers import Bidirectional
from specc.objects.initializers import FanInitializer, Initializer, RandomInitializer
from specc.operations.base import Operation

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

LARGEST_DRAWN = 10**9
Seed = int | None


class Beginning(NamedTuple):
    """What a weight begins with."""

    initializer: Initializer
    forgets: bool = False
    """Whether it is the bias of four gates, of which the second, which forgets, begins with ones."""
    root: bool = False
    """Whether it begins with the square root of what the initializer gives."""

    def numbers(self, shape: tuple[int, ...], dtype: str) -> Numbers:
        """The weight's numbers."""
        if self.forgets:
            return whole(lambda: self._gates(shape[0] // 4, dtype))
        numbers = numbers_of(self.initializer, shape, dtype)
        return _root(numbers) if self.root else numbers

    def _gates(self, units: int, dtype: str) -> Array:
        import numpy as np

        first, others = (numbers_of(self.initializer, (count,), dtype)(0, count) for count in (units, 2 * units))
        return np.concatenate([first, np.ones_like(first), others])


def _root(numbers: Numbers) -> Numbers:
    import numpy as np

    def roots(start: int, stop: int) -> Array:
        drawn = numbers(start, stop)
        return np.sqrt(drawn, out=drawn)

    return roots


def drawing(seed: Seed) -> Callable[[], Seed]:
    """Keras's ``make_default_seed`` after ``set_random_seed``; it gives None if there is no seed."""
    if seed is None:
        return lambda: None
    random = Random(seed)
    return lambda: random.randint(1, LARGEST_DRAWN)


def beginnings(graph: TypedGraph, draw: Callable[[], Seed]) -> dict[str, tuple[Beginning, ...]]:
    """What the weights of each node begin with, in the order of ``graph.weights``, given what Keras draws its seeds with."""
    return Construction(graph.models, draw).of_graph(graph, as_sequential=graph.form == "sequential")


@dataclass
class _Made:
    """A layer whose constructor has run."""

    layer: Callee
    seeds: dict[str, Seed] = field(default_factory=dict)
    """Those of its random initializers, by their arguments without "_initializer"."""
    inner: dict[str, _Made] = field(default_factory=dict)
    """The layers inside it, by what the names of their weights begin with."""
    begun: dict[str, Beginning] = field(default_factory=dict)
    """For a nested model, which has its weights once it is constructed: by their names."""


@dataclass
class Construction:
    """Constructs and builds layers as far as seeds go: `draw` is called whenever Keras would draw one."""

    models: Mapping[NestedModel, TypedGraph]
    draw: Callable[[], Seed]

    def of_graph(self, graph: TypedGraph, as_sequential: bool) -> dict[str, tuple[Beginning, ...]]:
        """The beginnings of each node's weights. A Sequential is given all its layers before it builds the first."""
        made: dict[str, _Made] = {}
        begun = {}
        for name in graph.order:
            node = graph.nodes[name]
            if node.shares is not None or isinstance(node.layer, (Input, Operation)):
                continue
            made[name] = self.construct(node.layer)
            if not as_sequential:
                begun[name] = tuple(self.build(made[name], graph.weights[name]))
        if as_sequential:
            begun = {name: tuple(self.build(layer, graph.weights[name])) for name, layer in made.items()}
        return begun

    # -- Constructors ------------------------------------------------------------------------------

    def construct(self, layer: Callee, is_clone: bool = False) -> _Made:
        """Construct what the layer is given, then itself. A clone is made from its configuration, without objects."""
        if isinstance(layer, NestedModel):
            return self._nested(layer)
        if layer.imported_from:
            raise LeftToKeras(f"only Keras knows what {layer.type_name} draws")
        made, inside = _Made(layer), []
        for name, value in layer.given().items():
            if name in layer.inner_layers():
                inside += [self.construct(inner, is_clone) for inner in _listed(value)]
            elif isinstance(value, RandomInitializer) and not is_clone:
                made.seeds[_role(name)] = self._seed_of(value)
        if isinstance(layer, Bidirectional):  # it makes its directions from its layer's configuration
            forward = self.construct(layer.layer, is_clone=True)
            inside = [forward, *(inside[1:] or [self.construct(layer.layer, is_clone=True)])]
        made.inner = dict(zip(_names_inside(layer), inside, strict=True))
        if layer.type_name not in GENERATOR_FIRST:
            self._make_initializers(made)
        for _ in range(generator_count(layer, is_clone)):
            self.draw()
        if layer.type_name in GENERATOR_FIRST:
            self._make_initializers(made)
        return made

    def _make_initializers(self, made: _Made) -> None:
        for name in type(made.layer).argument_order():
            if name.endswith("_initializer") and _role(name) not in made.seeds:
                initializer = _resolved(getattr(made.layer, name))
                if isinstance(initializer, RandomInitializer):
                    made.seeds[_role(name)] = self._seed_of(initializer)

    def _seed_of(self, initializer: RandomInitializer) -> Seed:
        return self.draw() if initializer.seed is None else initializer.seed

    def _nested(self, model: NestedModel) -> _Made:
        graph = self.models[model]
        begun = replace(self, models=graph.models).of_graph(graph, as_sequential=False)
        by_name = {
            f"{node}/{weight.name}": beginning
            for node, its in begun.items()
            for weight, beginning in zip(graph.weights[node], its, strict=True)
        }
        return _Made(model, begun=by_name)

    # -- Builds ------------------------------------------------------------------------------------

    def build(self, made: _Made, weights: Sequence[Weight]) -> Iterator[Beginning]:
        """Build the layers inside, then the layer itself; the beginnings of the weights, in their order."""
        begun = dict(made.begun)
        for name, inner in made.inner.items():
            prefix = f"{name}/"
            its = [weight for weight in weights if weight.name.startswith(prefix)]
            bare = [weight._replace(name=weight.name.removeprefix(prefix)) for weight in its]
            begun.update(zip((weight.name for weight in its), self.build(inner, bare), strict=True))
        if made.layer.type_name in PROJECTED:
            made.seeds |= self._seeds_of_projections(made.layer)
        for weight in weights:
            if weight.name not in begun:
                begun[weight.name] = self._begin(made, weight)
        return (begun[weight.name] for weight in weights)

    def _begin(self, made: _Made, weight: Weight) -> Beginning:
        initializer = _resolved(weight.initializer)
        if isinstance(initializer, RandomInitializer) and initializer.seed is None:
            drawn = [made.seeds[key] for key in (weight.name, weight.role) if key in made.seeds]
            initializer = initializer.model_copy(update={"seed": drawn[0] if drawn else self.draw()})
        if isinstance(initializer, FanInitializer) and weight.fans is not None and not _has_axes(initializer):
            inputs, outputs = weight.fans
            initializer = initializer.model_copy(update={"input_axes": inputs, "output_axes": outputs})
        own = weight.name.rpartition("/")[2]
        forgets = own == "bias" and getattr(made.layer, "unit_forget_bias", False)
        return Beginning(initializer, forgets, made.layer.type_name == "BatchNormalization" and own.endswith("_stddev"))

    def _seeds_of_projections(self, layer: Any) -> dict[str, Seed]:
        """Attention with heads clones its initializers for every projection, and has a Dropout before the last."""
        seeds: dict[str, Seed] = {}
        for name in ("query", "key", *["gate"] * layer.use_gate, "value", "attention_output"):
            if name == "attention_output" and layer.dropout > 0 and layer.seed is None:
                self.draw()
            for role in ("kernel", "bias"):
                initializer = _resolved(getattr(layer, f"{role}_initializer"))
                if isinstance(initializer, RandomInitializer):
                    seeds[f"{name}/{role}"] = self._seed_of(initializer)
        return seeds


def _resolved(value: Any) -> Initializer:
    initializer = objects.resolve("initializer", value)
    assert isinstance(initializer, Initializer)
    if initializer.imported_from:
        raise LeftToKeras(f"only Keras knows what {initializer.keras_name()} draws")
    return initializer


def _role(argument: str) -> str:
    return argument.removesuffix("_initializer")


def _has_axes(initializer: FanInitializer) -> bool:
    return initializer.input_axes is not None and initializer.output_axes is not None


def _listed(value: Any) -> tuple[Callee, ...]:
    """The layers of an argument that is a layer, several of them, or null."""
    return value if isinstance(value, tuple) else () if value is None else (value,)


def _names_inside(layer: Callee) -> list[str]:
    """What the names of the weights of the layers inside begin with."""
    inside = [inner for name in layer.inner_layers() for inner in _listed(getattr(layer, name))]
    names = inner_names(inside)
    if not isinstance(layer, Bidirectional):
        return names
    name, *further = names
    backward = further or [f"backward_{name.removeprefix('backward_')}"]
    return [f"forward_{name.removeprefix('forward_')}", *backward]


# -- What does not follow from arguments and weights -----------------------------------------------

GENERATOR_FIRST = frozenset({"SimpleRNN", "SimpleRNNCell", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"})
"""The layers whose constructors make their seed generator before their initializers."""
FORGETTING = frozenset({"SimpleRNN"})
"""The layers whose configuration leaves out their seed, so that a clone draws another."""
PROJECTED = frozenset({"MultiHeadAttention", "GroupQueryAttention"})
"""The layers that are made of projections when they are built, and have no generator of their own."""
DROPPED = {
    **dict.fromkeys(("Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"), "rate"),
    **dict.fromkeys(("GaussianDropout", "AlphaDropout"), "rate"),
    "GaussianNoise": "stddev",
    **dict.fromkeys(("Attention", "AdditiveAttention"), "dropout"),
}
"""The layers that have a generator only if this argument is not 0."""
JITTERED = ("brightness_factor", "contrast_factor", "saturation_factor", "hue_factor")
"""The arguments of RandomColorJitter for which it has a layer, each with a generator."""


def generator_count(layer: Any, is_clone: bool = False) -> int:
    """How many seeds a layer's constructor draws for generators: its own, and those of the layers that it is made of."""
    seed = getattr(layer, "seed", 0)  # most layers take none
    if seed is not None and not (is_clone and layer.type_name in FORGETTING):
        return 0
    match layer.type_name:
        case "RandomCrop":  # it also draws one for itself
            return 2
        case "RandAugment":  # made of nine such layers
            return 10
        case "AugMix":
            return 10 if layer.all_ops else 6
        case "RandomColorJitter":
            return 1 + sum(getattr(layer, name) is not None for name in JITTERED)
        case name if name in DROPPED:
            return int(getattr(layer, DROPPED[name]) > 0)
        case name:
            return int(name not in PROJECTED)
