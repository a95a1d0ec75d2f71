"""Layers with a vocabulary: tokens to integers and back, and whole strings to tokens.

The vocabulary is given as a list, or learned later by ``adapt``; until then the size of an encoding is unknown.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from specc.arguments import LARGEST_SIZE, Integer, NonNegativeInt, Numbers, PositiveInt, TypeWords, freeze
from specc.arguments.roles import Saved
from specc.calls import Tracked
from specc.diagnostics.problem import DTypeError, Problem, ProblemsError, ShapeError
from specc.diagnostics.text_safety import quote_value
from specc.dtypes import FLOATX
from specc.layers.accept import PLAIN, need_kind
from specc.layers.base import Call, Layer, example_of
from specc.layers.encodings import encoded, encoded_tensor, need_sparse_encoding
from specc.layers.preprocessing import Salt
from specc.shapes import Dim, Shape, Tensor, need_rank, show_shape


def _tokens(value: Any) -> Any:
    if isinstance(value, str):
        problem = Problem(
            "argument-value",
            "cannot be a file: a spec names no file to read",
            help="list the tokens, or remove it and call adapt() or set_vocabulary() on the built layer",
        )
        raise ProblemsError([problem])
    return freeze(value)


_MaxTokens = Annotated[int, Field(ge=2, le=LARGEST_SIZE), TypeWords("an integer of 2 or more")]
_Mode = Annotated[
    Literal["int", "one_hot", "multi_hot", "count", "tf_idf", "binary", "tf-idf"],
    Saved(lambda mode: {"binary": "multi_hot", "tf-idf": "tf_idf"}.get(mode, mode)),
]
_Words = Annotated[
    tuple[str, ...], BeforeValidator(_tokens), Field(min_length=1), TypeWords("a list of one or more strings")
]
_Integers = Annotated[
    tuple[Integer, ...], BeforeValidator(_tokens), Field(min_length=1), TypeWords("a list of one or more integers")
]
_Ngrams = Annotated[
    PositiveInt | tuple[PositiveInt, ...], BeforeValidator(freeze), TypeWords("a positive integer or a list of them")
]


def _first_repeated(words: Iterable[Any]) -> int | None:
    """The first position of a duplicate word."""
    met = set()
    for position, word in enumerate(words):
        if word in met:
            return position
        met.add(word)
    return None


class IndexLookup(Layer):
    """Looks tokens up in a vocabulary, after the mask token and the buckets for unknown tokens."""

    announces_dtype = True
    converts = False
    casts = False
    ctor_drops_trainable = True
    builds_without_shape = True
    missing_base_arguments = frozenset({"activity_regularizer"})
    shape_rule = "the shape of the inputs; encoded: (..., n) -> (..., tokens), one_hot: (..., n, tokens)"

    max_tokens: _MaxTokens | None = None
    num_oov_indices: NonNegativeInt = 1
    mask_token: Any = None
    oov_token: Any = None
    vocabulary: Any = None
    idf_weights: Numbers | None = None
    invert: bool = False
    output_mode: _Mode = "int"
    pad_to_max_tokens: bool = False
    sparse: bool = False
    salt: Salt | None = None
    oov_method: Literal["floormod", "farmhash"] = "floormod"
    vocabulary_size: PositiveInt | None = None

    def policy_name(self, default: str) -> str:
        """That of the model: Keras's constructor drops its own."""
        return default

    def saved(self) -> dict[str, Any]:
        """The number of tokens, the special ones included, once they are known."""
        return {} if self.vocabulary is None else {"vocabulary_size": self.size}

    @property
    def size(self) -> int:
        """The number of indices of a vocabulary."""
        return len(self._special) + len(self._words)

    @property
    def depth(self) -> Dim:
        """The size of an encoding: the number of indices, or None before the vocabulary is known."""
        if self.pad_to_max_tokens:
            return self.max_tokens
        return self.vocabulary_size if self.vocabulary is None else self.size

    @property
    def _special(self) -> tuple[Any, ...]:
        """The tokens before the words: the mask token (which an encoding omits) and those for unknown words."""
        masked = self.mask_token is not None and self.output_mode == "int"
        return (self.mask_token,) * masked + (self.oov_token,) * self.num_oov_indices

    @property
    def _words(self) -> tuple[Any, ...]:
        """The vocabulary without the special tokens, which it may start with."""
        if self.vocabulary is None:
            return ()
        start = len(self._special)
        return tuple(self.vocabulary[start:] if self.vocabulary[:start] == self._special else self.vocabulary)

    def check(self) -> Iterator[Problem]:
        """Arguments that exclude each other, and words that a vocabulary cannot have."""
        yield from need_sparse_encoding(self.sparse, self.output_mode)
        if self.pad_to_max_tokens and self.max_tokens is None:
            yield Problem(
                "argument-clash", "needs 'max_tokens' to pad to", ("pad_to_max_tokens",), "add 'max_tokens'", "key"
            )
        if self.invert and self.output_mode != "int":
            message = f"cannot turn indices back into tokens in output_mode {self.output_mode}"
            yield Problem("argument-clash", message, ("output_mode",), "remove 'output_mode'")
        if self.invert and self.oov_token is None:
            message = "needs an 'oov_token' to give for unknown indices"
            yield Problem("argument-clash", message, ("oov_token",), "give 'oov_token' a value")
        yield from self._idf_problems()
        if self.vocabulary is not None:
            yield from self._vocabulary_problems()

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """Integers, also in an encoding, which Keras announces as floats; the layer's own dtype does not matter."""
        shape = call.shape
        self._check_input(call.first)
        if self.output_mode == "int":
            return (Tensor(shape, "int64", ragged=call.first.ragged),)
        return (self.encoded(shape, ragged=call.first.ragged),)

    def encoded(self, shape: Shape, *, ragged: bool = False) -> Tensor:
        """The encoding of tokens of that shape."""
        weighted = self.output_mode in ("tf_idf", "tf-idf")
        if weighted and self.sparse and len(shape) > 1:
            raise ShapeError(
                f"cannot weigh {show_shape(shape)} sparsely", argument="sparse", help="set 'sparse' to false"
            )
        dtype = FLOATX if weighted else "int64"
        return encoded_tensor(shape, self.depth, self.output_mode, dtype, sparse=self.sparse, ragged=ragged)

    def _check_input(self, tensor: Tensor) -> None:
        need_kind(tensor, PLAIN)

    def _idf_problems(self) -> Iterator[Problem]:
        weighted = self.output_mode in ("tf_idf", "tf-idf")
        if self.idf_weights is not None and not weighted:
            message = f"uses 'idf_weights' in output_mode tf_idf only, not in {self.output_mode}"
            yield Problem(
                "argument-clash", message, ("idf_weights",), "remove it, or set 'output_mode' to tf_idf", "key"
            )
        elif weighted and self.vocabulary is not None and self.idf_weights is None:
            message = "needs 'idf_weights' with a vocabulary in output_mode tf_idf"
            yield Problem("missing-argument", message, help="add 'idf_weights': a list of numbers, one for each token")
        elif self.vocabulary is not None and self.idf_weights is not None:
            tokens, weights = len(self.vocabulary), len(self.idf_weights)
            if tokens != weights:
                message = f"has {weights} idf_weights for {tokens} tokens"
                yield Problem("argument-clash", message, ("idf_weights",), "give one number for each token")

    def _vocabulary_problems(self) -> Iterator[Problem]:
        words, path = self._words, ("vocabulary",)
        if not words:
            yield Problem("argument-value", "has no tokens besides the special ones", path, "add tokens, or remove it")
        again = _first_repeated(words)
        if again is not None:
            message = f"has the token {quote_value(words[again])} twice"
            again += len(self.vocabulary) - len(words)
            yield Problem("argument-value", message, (*path, again), "list each token once")
        reserved = {"mask_token": self.mask_token, "oov_token": self.oov_token if self.invert else None}
        for argument, token in reserved.items():
            if token is not None and token in words:
                yield Problem(
                    "argument-value",
                    f"has its {argument} {quote_value(token)} among the tokens",
                    path,
                    f"remove it from the list, or start the list with {quote_value(list(self._special))}",
                )
        size = self.size
        if self.max_tokens is not None and size > self.max_tokens:
            message = f"has {size} tokens, the special ones included, and max_tokens {self.max_tokens}"
            yield Problem("argument-clash", message, ("max_tokens",), f"set 'max_tokens' to {size} or more")
        sized = self.output_mode != "int" and not self.pad_to_max_tokens
        if sized and self.vocabulary_size not in (None, size):
            message = f"has {size} tokens, the special ones included, and vocabulary_size {self.vocabulary_size}"
            yield Problem("argument-clash", message, ("vocabulary_size",), "remove it; the vocabulary says its size")


class StringLookup(IndexLookup):
    """Turns strings into integers by a vocabulary, or back."""

    example = example_of(
        "StringLookup, vocabulary: [red, green, blue], output_mode: one_hot", "[1], dtype: string", "colour"
    )

    mask_token: str | None = None
    oov_token: str | None = "[UNK]"
    vocabulary: _Words | None = None
    encoding: str = "utf-8"

    def _check_input(self, tensor: Tensor) -> None:
        if self.invert:
            super()._check_input(tensor)
        else:
            need_strings(tensor)


class IntegerLookup(IndexLookup):
    """Turns integers into indices by a vocabulary, or back."""

    example = example_of(
        "IntegerLookup, vocabulary: [12, 36, 1138], output_mode: one_hot", "[1], dtype: int64", "store"
    )
    graded = False

    mask_token: Integer | None = None
    oov_token: Integer | None = -1
    vocabulary: _Integers | None = None
    vocabulary_dtype: Literal["int64"] = "int64"

    def check(self) -> Iterator[Problem]:
        """The checks of every lookup, and a salt without a hash that uses it."""
        yield from super().check()
        if self.salt is not None and self.oov_method != "farmhash":
            message = "uses 'salt' with oov_method farmhash only"
            yield Problem("argument-clash", message, ("salt",), "remove it, or set 'oov_method' to farmhash", "key")


class TextVectorization(Layer):
    """Splits strings into tokens and looks them up in a vocabulary."""

    announces_dtype = True
    converts = False
    casts = False
    shape_rule = "(batch, 1) -> (batch, output_sequence_length); encoded: (batch, 1, tokens)"
    example = example_of(
        "TextVectorization, vocabulary: [the, cat, sat, down], output_sequence_length: 8", "[1], dtype: string", "text"
    )

    max_tokens: _MaxTokens | None = None
    standardize: Literal["lower_and_strip_punctuation", "lower", "strip_punctuation"] | None = (
        "lower_and_strip_punctuation"
    )
    split: Literal["whitespace", "character"] | None = "whitespace"
    ngrams: _Ngrams | None = None
    output_mode: _Mode = "int"
    output_sequence_length: PositiveInt | None = None
    pad_to_max_tokens: bool = False
    vocabulary: _Words | None = None
    idf_weights: Numbers | None = None
    sparse: bool = False
    ragged: bool = False
    encoding: str = "utf-8"
    vocabulary_size: PositiveInt | None = None

    def tracked(self) -> Sequence[Tracked]:
        """The layer that looks the tokens up."""
        return [Tracked("_lookup_layer", "", type="StringLookup")]

    @property
    def lookup(self) -> StringLookup:
        """The layer that looks up the tokens, as Keras makes it."""
        return StringLookup.model_construct(
            max_tokens=self.max_tokens,
            vocabulary=self.vocabulary,
            idf_weights=self.idf_weights,
            pad_to_max_tokens=self.pad_to_max_tokens,
            mask_token="",
            output_mode=self.output_mode,
            sparse=self.sparse,
            vocabulary_size=self.vocabulary_size,
        )

    def saved(self) -> dict[str, Any]:
        """The number of tokens that it has so far, the special ones included."""
        return {"vocabulary_size": self.lookup.size}

    def check(self) -> Iterator[Problem]:
        """Arguments that the lookup does not accept, and those that only sequences of tokens have."""
        yield from self.lookup.check()
        if self.output_mode == "int":
            return
        for argument in ("output_sequence_length", "ragged"):
            if getattr(self, argument):
                message = f"gives sequences in output_mode int only, not in {self.output_mode}"
                yield Problem("argument-clash", message, (argument,), f"remove '{argument}'", "key")

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """Sequences of integers, or an encoding of each string."""
        shape = call.shape
        need_strings(call.first)
        need_rank(shape, 1, least=True)
        if self.split is not None:
            self._check_texts(shape)
        sequence = (shape[0], self.output_sequence_length)
        if self.output_mode == "int":
            length = self.output_sequence_length
            if self.split is not None:
                texts = Tensor((shape[0], *shape[1:-1], length), "int64", ragged=self.ragged)
                return (texts.but(sequence, "give the Input the shape []"),)
            tokens = Tensor(shape if length is None else (*shape[:-1], length), "int64")
            return (tokens.but(sequence, "give the Input one axis: [n] for n tokens"),)
        if self.split is None:
            (tokens,) = self.lookup.infer(Call({"inputs": Tensor(shape, "string")}))
            told = encoded(shape if len(shape) > 1 else (*shape, 1), self.lookup.depth, self.output_mode)
            return (tokens._replace(announced=None).but(told, "give the Input the shape [1], or set 'split'"),)
        # Keras announces an axis for the string; the output has none.
        announced = encoded((*shape, None), self.lookup.depth, self.output_mode)
        if self.output_mode != "one_hot":
            return (self.lookup.encoded((shape[0], None)).but(announced, "give the Input the shape []"),)
        if self.sparse:
            raise ShapeError(
                "cannot encode strings sparsely by one_hot", argument="sparse", help="set 'sparse' to false"
            )
        # The encoded tokens are ragged, so the size of their axis may be unknown.
        real = Tensor((shape[0], None, self.lookup.depth), "int64", ragged=True)
        return (real.but(announced, "give the Input the shape []"),)

    def _check_texts(self, shape: Shape) -> None:
        argument = "split" if "split" in self.model_fields_set else None
        if shape[1:] and shape[-1] != 1:
            raise ShapeError(
                f"splits one string per sample, got {show_shape(shape)}",
                argument=argument,
                help="give the Input the shape []; or set 'split' to null if the strings are tokens already",
            )
        if len(shape) > 2 and (self.ragged or self.output_mode != "int"):
            # The output is ragged, and its rank is not the one that Keras announces.
            how = "into ragged sequences" if self.ragged else f"in output_mode {self.output_mode}"
            raise ShapeError(
                f"splits one string per sample {how}, got {show_shape(shape)}",
                argument=argument,
                help="give the Input the shape []",
            )


def need_strings(tensor: Tensor) -> None:
    """DTypeError unless the tensor contains strings."""
    if tensor.dtype != "string":
        raise DTypeError(
            f"looks up strings, got {tensor.dtype}",
            help="give the Input dtype string; for integers there is IntegerLookup",
        )
