"""The inside of a function: a statement or two for each item, conditions and loops as the spec has them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from specc.backends.python.program.loops import Loops
from specc.backends.python.program.values import noun
from specc.backends.python.program.variables import as_list
from specc.backends.python.reading.expressions import Unwritable, at
from specc.backends.python.reading.items import Part
from specc.backends.python.reading.references import ALL_PORTS, Port
from specc.backends.python.writing.statements import AnyStatement, Assign, Branch, Comment, Line, Loop, merged
from specc.backends.python.writing.text import Comprehension, Expression, Group, flat, quote
from specc.ir import Node
from specc.operations.base import Operation

_LONGEST_TARGETS = 60
"""Longest variables of one assignment; if they need more room, one variable has all the outputs."""


class Body(Loops):
    """The statements of a function."""

    making: list[AnyStatement]
    """What makes the layers, if that is apart from their calls in the whole function."""

    def statements(self) -> list[AnyStatement]:
        """All statements but the return."""
        found: list[AnyStatement] = []
        self.making = []
        self._has_tensors = True
        if any(part.number is None and part.label is None for part in self._reading.order):
            if not self._reading.is_in_order or any(
                part.number is None and part.label is None and not part.absent and part not in self._reading.last
                for part in self._scope.parts
            ):
                raise Unwritable("automatic names that depend on conditions, in another order than that of the file")
            (self.making if self._function.style == "layers" else found).append(self._count())
        for condition, run in groupby(self._reading.order, _condition):
            parts = list(run)
            if condition is None:
                for part in parts:
                    with at(part.path):
                        apart = self._layers_of(part)
                        found += [*self._comments(part), *apart, *self._part(part)]
            else:
                with at(parts[0].path):
                    apart = [statement for part in parts for statement in self._layers_of(part)]
                    found += merged([*apart, *self._conditional(parts)])
        self._has_tensors = self._function.style != "layers"
        return found

    def _comments(self, part: Part) -> list[AnyStatement]:
        if part in self._layers and self._function.style == "layers":  # they are where the layer is made
            return []
        return [Comment(text) for text in self._file.comments(self._function, part)]

    # -- Parts --------------------------------------------------------------------------------

    def _part(self, part: Part) -> list[AnyStatement]:
        if part.copies == "chain":
            return self._chain(part)
        if part.copies == "side":
            return self._side(part)
        return [self._assignment(part, "", {}), *self._noted(part)]

    def _noted(self, part: Part) -> list[AnyStatement]:
        """What notes an output of an item that is found by its name."""
        found: list[AnyStatement] = []
        for port in sorted(self._reading.every[part], key=str):
            begun = self._begun(part, port, part.base)
            if not begun:
                found.append(self._kept(part, port))
                continue
            item = (f"{self._own_key(part)}: ", self._variables[part, port])
            found.append(Assign(self._lists[part, port], Group("", "{}", (item,))))
        return found

    def _conditional(self, parts: list[Part]) -> list[AnyStatement]:
        """Parts that one condition leaves out together."""
        body: list[AnyStatement] = []
        for part in parts:
            body += [*self._comments(part), *self._part(part)]
        otherwise: list[AnyStatement] = []
        for part in parts:
            if part.is_optional:
                is_read = any(part in self._reading.before[other] for other in parts)
                body, none = self._listed(part, body, is_read)
                otherwise += none
                continue
            passed = self._scope.taken[part].passed
            if not passed:
                raise Unwritable("a condition without which nothing is passed on")
            text = self.one(passed[0])
            self._without |= {(part, port): text for port in self._reading.last[part]}
        gone = dict(self._without)
        self._without = {}
        inside = set(parts)
        for (part, port), text in gone.items():
            variable = self._variables[part, port]
            read_later = part in self._reading.results or any(
                other not in inside and part in self._reading.before[other] for other in self._reading.order
            )
            if variable != text and read_later:
                otherwise.append(Assign(variable, text))
        return [Branch(flat(parts[0].symbols.express(parts[0].when)), body, otherwise)]

    def _listed(
        self, part: Part, body: list[AnyStatement], is_read: bool
    ) -> tuple[list[AnyStatement], list[AnyStatement]]:
        """The statements of a case with lists of what a part gives, and the empty lists of the other case.

        ``is_read`` if other statements read it.
        """
        found, none = list(body), list[AnyStatement]()
        for port in sorted(self._reading.last[part], key=str):
            variable = self._variables[part, port]
            made = next((it for it in found if isinstance(it, Assign) and it.targets == variable), None)
            if is_read or part.label is None or made is None or made.after:
                several = self._names.new(f"{variable}s")
                found.append(Assign(several, f"[{variable}]"))
            else:
                several = variable
                found[found.index(made)] = Assign(variable, Group.display("[]", [made.value]))
            none.append(Assign(several, "[]"))
            self._lists[part, port] = several
        return found, none

    def _layers_of(self, part: Part) -> list[AnyStatement]:
        """The layers that a part calls and that are made apart from their calls, when they are first needed."""
        found: list[AnyStatement] = []
        for source in self._needed(part):
            if source not in self._layers and source.kind != "operation":
                found += self._layer_of(source, part)
        if self._function.style != "layers":
            return found
        self.making += found
        return []

    def _needed(self, part: Part) -> list[Part]:
        source = self._scope.source_of(part)
        called = [*self._scope.handed(part), *([self._scope.called(part)] if source in self._shared else [])]
        return [it.part for it in called if it.given is None]

    def _layer_of(self, source: Part, caller: Part) -> list[AnyStatement]:
        """What makes the layer of an item, or those of all its copies."""
        self._is_making, had_tensors = True, self._has_tensors
        self._has_tensors = had_tensors and self._function.style != "layers"
        variable = f"{source.label or source.base}_{noun(source)}"
        found: list[AnyStatement] = self._comments(source) if self._function.style == "layers" else []
        if source.copies == "one":
            made = self._made(source, self._owner_name(source, caller), caller)
            self._layers[source] = self._names.new(variable)
        else:
            if source.when is not None or (source.kind == "model" and source.copies == "chain"):
                raise Unwritable(
                    "copies with conditions, or of models that each take the one before, that are called again"
                )
            target, iterable, index = self._loop(source)
            made = self._made(source, self._layer_name(source, index), caller)
            self._layers[source] = self._names.new(f"{variable}s")
            made = Comprehension(made, ((target, iterable),))
        self._is_making, self._has_tensors = False, had_tensors
        found.append(Assign(self._layers[source], made))
        return found if source.when is None else [Branch(flat(source.symbols.express(source.when)), found)]

    def _owner_name(self, source: Part, caller: Part) -> str:
        """The name of a layer; if nothing reads its own call, that of the first other one."""
        called: Part | None = caller if caller.kind == "share" and source not in self._reading.order else None
        if source not in self._reading.order and caller.layers:
            function = self._file.functions.of(self._function, caller)
            name = next(
                name for name, it in zip(caller.layers, self._scope.handed(caller), strict=True) if it.part is source
            )
            called = function.scope.heads[name]
        node = called.member.it if called is not None and called.member is not None else None
        if not isinstance(node, Node):
            return self._layer_name(source)
        owner = node.shares or node.name
        if self._function.is_block:
            raise Unwritable("a layer that is called again, but not where it is written")
        return quote(owner)

    def _assignment(self, part: Part, index: str, carried: Mapping[str, str]) -> Assign:
        """A call whose outputs become variables."""
        value, after = self._value(part, index, carried)
        ports = self._ports(part)
        read = self._reading.last[part] | self._reading.every[part]
        if part.copies == "chain":
            read |= {self._carried_port(part, name) for name in self._scope.taken[part].carried}
        source = self._scope.source_of(part)
        if source.counting and read != {ALL_PORTS}:
            raise source.symbols.fix(source.counting)
        if ALL_PORTS in read and isinstance(source.callee, Operation) and source.callee.several:
            after = ""
        elif len(ports) == 1 and ALL_PORTS in read:
            raise Unwritable("a number of the only output")
        if len(ports) == 1 and ALL_PORTS not in read:
            return Assign(self._variable(part, ports[0], True), value, after)
        lone = len(read) == 1
        wanted = [self._wanted(part, port, is_lone=False) for port in ports]
        if ALL_PORTS in read or (len(", ".join(wanted)) > _LONGEST_TARGETS and part.copies == "one"):
            together = self._variable(part, ALL_PORTS, is_lone=True)
            for number, port in enumerate(ports):
                self._variables[part, port] = f"{together}[{number}]"
            return Assign(together, value, after)
        targets = [self._variable(part, port, lone and port == ports[0]) if port in read else "_" for port in ports]
        return Assign(", ".join(targets), value, after)

    # -- Copies -------------------------------------------------------------------------------

    def _chain(self, part: Part) -> list[AnyStatement]:
        """Copies that each take the one before."""
        taken, reading = self._scope.taken[part], self._reading
        ports = self._ports(part)
        read = reading.last[part] | reading.every[part]
        lone = len(ports) == 1 or read <= {ports[0]}
        found: list[AnyStatement] = []
        carried: dict[str, str] = {}
        for argument in taken.carried:
            port = self._carried_port(part, argument)
            first = self._first(part, argument)
            carried[argument] = self._variable(part, port, lone and port == ports[0])
            if carried[argument] != first:
                found.append(Assign(carried[argument], first))
        start = next(iter(carried.values()))
        known = set(carried.values())
        if not _is_one_or_more(part):
            for port in sorted(reading.last[part], key=str):
                variable = self._variable(part, port, lone and port == ports[0])
                if variable not in known:
                    found.append(Assign(variable, self.one(taken.bound[next(iter(taken.carried))][0])))
        for port in sorted(reading.every[part], key=str):
            found += self._begun(part, port, f"{self._variable(part, port, lone)}s")
        target, iterable, index = self._loop(part)
        once: AnyStatement = self._assignment(part, index, carried)
        if part.when is not None:
            if part.is_optional:
                raise Unwritable("copies in a chain that are left out")
            otherwise = [
                Assign(self._variables[part, port], start)
                for port in sorted(read, key=str)
                if self._variables[part, port] not in known
            ]
            once = Branch(flat(part.symbols.express(part.when)), [once], [*otherwise])
        append = [self._kept(part, port) for port in sorted(reading.every[part], key=str)]
        return [*found, Loop(target, iterable, [once, *append])]

    def _first(self, part: Part, argument: str) -> Expression:
        """What the first copy in a chain takes where the others take what the one before them gives."""
        taken = self._scope.taken[part]
        uses = taken.bound[argument]
        if argument not in taken.many or not self._is_list(part, self._carried_port(part, argument)):
            return self.one(uses[0])
        texts = [text for use in uses for text in self.read(use)]
        return as_list(texts[0]) if len(texts) == 1 and texts[0].startswith("*") else Group.display("[]", texts)

    def _side(self, part: Part) -> list[AnyStatement]:
        """Copies side by side."""
        ports = self._ports(part)
        lone = len(ports) == 1
        target, iterable, index = self._loop(part)
        when = "" if part.when is None else flat(part.symbols.express(part.when))
        if lone and (not when or part.is_optional):
            begun = self._begun(part, ports[0], f"{part.label}s" if part.names else part.label or f"{part.base}s")
            value, after = self._value(part, index, {})
            kept = self._lists[part, ports[0]]
            if begun and not after and not any(use.part is part for use in self._scope.reads(part)):
                return [Assign(kept, Comprehension(value, ((target, iterable),), self._own_key(part), when))]
            if part in self._by_name:
                once: AnyStatement = Assign(f"{kept}[{self._own_key(part, is_index=True)}]", value, after)
                return [*begun, Loop(target, iterable, [Branch(when, [once]) if when else once])]
        read = sorted(self._reading.every[part], key=str)
        names = {port: self._new(part, port, lone) for port in read}
        self._variables |= {(part, port): name for port, name in names.items()}
        lists = [it for port in read for it in self._begun(part, port, f"{names[port]}s")]
        once = self._assignment(part, index, {})
        append = [self._kept(part, port) for port in read]
        if not when:
            return [*lists, Loop(target, iterable, [once, *append])]
        if part.is_optional:
            return [*lists, Loop(target, iterable, [Branch(when, [once, *append])])]
        passed = self._scope.taken[part].passed
        if not passed:
            raise Unwritable("copies with a condition without which nothing is passed on")
        otherwise = [Assign(names[port], self.one(passed[0])) for port in read]
        return [*lists, Loop(target, iterable, [Branch(when, [once], [*otherwise]), *append])]

    def _begun(self, part: Part, port: Port, wanted: str) -> list[AnyStatement]:
        """What makes the list of an output of all copies, or the dict of these; nothing for a dict that is there."""
        family = self._scope.family(part)
        known = next((self._lists[it] for it in self._lists if len(family) > 1 and it[0] in family), None)
        if len(family) > 1 and port != self._reading.port(part, None):
            raise Unwritable("several outputs of items that are found by their names")
        if known is None:
            form = self._forms.get(part)
            stem = form.literals[0].strip("_-") if form is not None and len(family) > 1 else ""
            self._lists[part, port] = self._names.new(stem or wanted)
            return [Assign(self._lists[part, port], "{}" if part in self._by_name else "[]")]
        self._lists[part, port] = known
        return []

    def _kept(self, part: Part, port: Port) -> AnyStatement:
        """What notes an output of a copy."""
        kept, variable = self._lists[part, port], self._variables[part, port]
        if part not in self._by_name:
            return Line(f"{kept}.append({variable})")
        return Assign(f"{kept}[{self._own_key(part, is_index=True)}]", variable)


def _condition(part: Part) -> object:
    """Equal for parts that are left out together; None for those that are always there."""
    if part.when is None or part.copies != "one":
        return None
    return str(part.when)


def _is_one_or_more(part: Part) -> bool:
    return isinstance(part.item.repeat, int) and part.item.repeat > 0
