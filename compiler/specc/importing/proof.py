"""Whether a spec describes a model that was read: what Keras would save of it is compared with what it saved.

Layers are paired from the outputs upwards, so neither their order nor names that Keras counted matter. Arguments are
compared as Keras saves them, not as specc reads them: a mistake in reading would be made twice. Only where another version
of Keras saves a layer otherwise, it is enough that both are read as the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from specc.archive.reading.models import ReadCall, Reader, ReadModel, ReadNode, Source, sources_of
from specc.automatic_names import is_automatic
from specc.diagnostics.text_safety import quote_value
from specc.importing import saved_values
from specc.importing.item_names import is_counted, item_name, model_name
from specc.importing.outputs import flat_outputs

Saved = dict[str, Any]


class Side(NamedTuple):
    """A model as it was saved, and as it was read."""

    saved: Saved
    """The whole file, in which the paths of the layers start."""
    model: ReadModel
    is_of_today: bool = True
    """Whether the version of Keras that specc knows has saved it."""

    @classmethod
    def of(cls, saved: Saved) -> Side:
        """A model that is a whole file."""
        return cls(saved, Reader().model(saved))

    def at(self, node: ReadNode) -> Saved:
        """What was saved of a layer."""
        found: Any = self.saved
        for step in node.path:
            found = found[step]
        return dict(found)


def differences(ours: Side, theirs: Side, has_names: bool = True, is_inside: bool = False) -> Iterator[str]:
    """What of a model is not as it was read (``ours``), in the layers' names only if it ``has_names``.

    The inputs of models inside others have, in a spec, the names of the block's inputs and the sizes that they are
    called with.
    """
    yield from _Pairs(ours, theirs, has_names, is_inside).all()


def _inner(ours: Saved, theirs: Saved) -> Iterator[str]:
    """What differs between models that are arguments of layers."""
    yield from differences(Side.of(ours), Side.of(theirs), has_names=False, is_inside=True)


@dataclass(slots=True)
class _Pairs:
    """The layers and calls of two models, paired."""

    ours: Side
    theirs: Side
    has_names: bool
    is_inside: bool
    _layers: dict[str, str] = field(default_factory=dict)
    _calls: dict[tuple[str, int], tuple[str, int]] = field(default_factory=dict)
    _pending: list[tuple[Source, Source]] = field(default_factory=list)

    def all(self) -> Iterator[str]:
        """All differences."""
        ours, theirs = self.ours.model, self.theirs.model
        if not self.is_inside and not is_counted(ours.name) and model_name(ours.name) != theirs.name:
            yield f"its name is {quote_value(theirs.name)} in place of {quote_value(ours.name)}"
        if len(ours.inputs) != len(theirs.inputs):
            yield f"it has {len(theirs.inputs)} inputs in place of {len(ours.inputs)}"
        self._pending += zip(ours.inputs, theirs.inputs, strict=False)
        yield from self._outputs(flat_outputs(ours.outputs), theirs.outputs)
        while self._pending:
            yield from self._pair(*self._pending.pop())
        yield from (f"{_called(node)} is missing" for node in ours.nodes.values() if node.name not in self._layers)

    def _outputs(self, ours: Any, theirs: Any) -> Iterator[str]:
        """The outputs, in their structure."""
        if isinstance(ours, dict) and isinstance(theirs, dict):
            if ours.keys() != theirs.keys():
                yield f"its outputs are {', '.join(theirs)} in place of {', '.join(ours)}"
                return
        elif isinstance(ours, dict) != isinstance(theirs, dict) and not self.is_inside:
            yield "its outputs are a map in one of them only"
        listed, others = list(sources_of(_sorted(ours))), list(sources_of(_sorted(theirs)))
        if len(listed) != len(others):
            yield f"it has {len(others)} outputs in place of {len(listed)}"
        self._pending += [(one, self._unnamed(one, it)) for one, it in zip(listed, others, strict=False)]

    def _unnamed(self, one: Source, other: Source) -> Source:
        """The source of an output, without the Identity that gives an output its name in a spec."""
        node = self.theirs.model.nodes[other.layer]
        if node.type != "Identity" or self.ours.model.nodes[one.layer].type == "Identity":
            return other
        return next(node.calls[0].sources())

    def _pair(self, one: Source, other: Source) -> Iterator[str]:
        """A tensor of each model, and the calls that they come from."""
        ours, theirs = self.ours.model.nodes[one.layer], self.theirs.model.nodes[other.layer]
        call, their_call = (one.layer, one.call), (other.layer, other.call)
        is_known = call in self._calls
        if self._calls.setdefault(call, their_call) != their_call or one.output != other.output:
            yield f"{_called(theirs)} is given in place of {_called(ours)}"
        if is_known:
            return
        if one.layer not in self._layers:
            yield from self._nodes(ours, theirs)
        if self._layers.setdefault(one.layer, other.layer) != other.layer:
            yield f"{_called(ours)} is shared, and {_called(theirs)} is not the same layer"
        elif ours.calls and theirs.calls:
            yield from self._tensors(ours, ours.calls[one.call], theirs.calls[other.call])

    def _tensors(self, node: ReadNode, ours: ReadCall, theirs: ReadCall) -> Iterator[str]:
        """What a call takes."""
        ours_by, theirs_by = ours.tensors, theirs.tensors
        if node.model is not None:  # the inputs have their order, and in a spec other names
            ours_by, theirs_by = (dict(enumerate(it.values())) for it in (ours_by, theirs_by))  # type: ignore[assignment]
        if ours_by.keys() != theirs_by.keys() or ours.options != theirs.options:
            given, made = (quote_value([*it, by.options]) for it, by in ((ours_by, ours), (theirs_by, theirs)))
            yield f"{_called(node)} is called with {made} in place of {given}"
            return
        for name, value in ours_by.items():
            listed, others = list(sources_of(value)), list(sources_of(theirs_by[name]))
            if len(listed) != len(others):
                yield f"{_called(node)} takes {len(others)} tensors in place of {len(listed)}"
            self._pending += zip(listed, others, strict=False)

    def _nodes(self, ours: ReadNode, theirs: ReadNode) -> Iterator[str]:
        """A layer with its name, its arguments and what it was built with."""
        who = _called(ours)
        if (ours.model is None) != (theirs.model is None) or ours.type != theirs.type:
            yield f"{_called(theirs)} stands in place of {who}"
            return
        if self.has_names and not self._has_name(ours, theirs):
            yield f"{who} has the name {quote_value(theirs.name)}"
        if ours.model is not None and theirs.model is not None:
            one, other = self.ours._replace(model=ours.model), self.theirs._replace(model=theirs.model)
            inside = differences(one, other, self.has_names, is_inside=True)
            yield from (f"{who}: {what}" for what in inside)
            return
        if ours.hole:
            return
        saved, their_saved = self.ours.at(ours), self.theirs.at(theirs)
        config, made = ({**it["config"], "name": None} for it in (saved, their_saved))
        if ours.type == "Input" and self.is_inside and saved_values.are_sizes(_shape(config), _shape(made)):
            return
        is_read_as_same = not self.ours.is_of_today and ours.arguments == theirs.arguments
        if not is_read_as_same:
            yield from (f"{who}: {what}" for what in saved_values.differences(config, made, _inner))
        built, theirs_built = saved.get("build_config"), their_saved.get("build_config")
        are_same = saved_values.are_built_alike(built, theirs_built) or (
            self.is_inside and saved_values.are_sizes(built, theirs_built)
        )
        if not self.ours.is_of_today and not _have_same_keys(built, theirs_built):
            return  # another version built such a layer, or with other shapes
        if built is not None and not are_same:
            yield f"{who} is built with {quote_value(theirs_built)} in place of {quote_value(built)}"

    def _has_name(self, ours: ReadNode, theirs: ReadNode) -> bool:
        is_input = self.is_inside and ours.type == "Input"
        kind = ours.type if ours.model is None else ours.model.name
        return is_input or is_automatic(ours.name, kind) or theirs.name.startswith(item_name(ours.name))


def _have_same_keys(one: Any, other: Any) -> bool:
    return isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys()


def _sorted(outputs: Any) -> Any:
    """Outputs in the order that Keras gives them to others."""
    return {name: outputs[name] for name in sorted(outputs)} if isinstance(outputs, dict) else outputs


def _shape(config: Saved) -> Any:
    return config.get("batch_shape", config.get("batch_input_shape"))


def _called(node: ReadNode) -> str:
    return f"{quote_value(node.name)} ({node.type or 'model'})"
