"""Warnings about a valid TypedGraph that may surprise. One function per rule, listed in `ADVICE`."""

from __future__ import annotations

from collections.abc import Callable

from specc.diagnostics import Report
from specc.ir import TypedGraph
from specc.passes.advice.cautions import runs_as_meant
from specc.passes.advice.constant import depends_on_its_input
from specc.passes.advice.indices import fits_its_table
from specc.passes.advice.losses import loss_fits_the_activation, loss_has_a_vector, loss_has_classes
from specc.passes.advice.masks import masks_arrive
from specc.passes.advice.merges import joins_several
from specc.passes.advice.names import inputs_are_apart, runs_in_tensorflow
from specc.passes.advice.ports import both_directions_are_read
from specc.passes.advice.processors import float8_trains_in_a_graph, softmax_runs_on_a_cpu
from specc.passes.advice.saving import loads_in_keras, stays_frozen
from specc.passes.advice.targets import metrics_fit_the_loss, there_is_a_loss


def advise(graph: TypedGraph, report: Report) -> None:
    """Add the warnings about a graph, after those that earlier stages collected."""
    report.release()
    for rule in ADVICE:
        rule(graph, report)


ADVICE: tuple[Callable[[TypedGraph, Report], None], ...] = (
    loads_in_keras,
    runs_in_tensorflow,
    inputs_are_apart,
    stays_frozen,
    runs_as_meant,
    fits_its_table,
    joins_several,
    both_directions_are_read,
    masks_arrive,
    depends_on_its_input,
    softmax_runs_on_a_cpu,
    float8_trains_in_a_graph,
    loss_has_classes,
    loss_has_a_vector,
    loss_fits_the_activation,
    metrics_fit_the_loss,
    there_is_a_loss,
)
"""Rules about the whole model come first, then those about layers, then those about training. All are independent."""
