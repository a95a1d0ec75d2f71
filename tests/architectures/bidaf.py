"""Bidirectional attention flow."""

from keras import Input, Model, initializers, layers, ops

SOURCE = "Seo et al., Bidirectional Attention Flow for Machine Comprehension, 2017"
LINK = "https://github.com/ParikhKadam/bidaf-keras"
EQUAL = "results: by hand, a highway is a Layer of its own"
SMALL = {"vocabulary": 40, "letters": 20, "longest": 6, "width": 8, "filters": 8}


class Scale(layers.Layer):
    """A learned factor for each entry of the last axis."""

    def build(self, shape):
        self.scale = self.add_weight(shape=(shape[-1],), initializer="ones")

    def call(self, x):
        return x * self.scale


class Highway(layers.Layer):
    """A dense layer and a gate that may pass it by."""

    def build(self, shape):
        self.gate = layers.Dense(shape[-1], activation="sigmoid", bias_initializer=initializers.Constant(-1.0))
        self.change = layers.Dense(shape[-1], activation="relu")
        self.gate.build(shape)
        self.change.build(shape)

    def call(self, x):
        gate = self.gate(x)
        return gate * self.change(x) + (1 - gate) * x


def spelling(letters, longest, filters):
    word = Input((longest,), dtype="int32")
    x = layers.Embedding(letters, 8)(word)
    x = layers.Conv1D(filters, 5, padding="same", activation="relu")(x)
    return Model(word, layers.GlobalMaxPooling1D()(x))


def lstm(width, dropout=0.0):
    return layers.Bidirectional(layers.LSTM(width, return_sequences=True, dropout=dropout))


def build(vocabulary=80000, letters=100, longest=16, width=100, filters=100, highways=2, dropout=0.2):
    table = layers.Embedding(vocabulary, width)
    spell = layers.TimeDistributed(spelling(letters, longest, filters))
    highway = [Highway() for _ in range(highways)]
    encoder = lstm(width)

    def read(words, spelled):
        x = layers.Concatenate()([table(words), spell(spelled)])
        for layer in highway:
            x = layer(x)
        return encoder(x)

    passage_words, question_words = Input((None,), dtype="int32"), Input((None,), dtype="int32")
    passage_letters, question_letters = Input((None, longest), dtype="int32"), Input((None, longest), dtype="int32")
    passage = read(passage_words, passage_letters)
    question = read(question_words, question_letters)

    similar = layers.Dense(1, use_bias=False)(passage)
    similar = similar + ops.transpose(layers.Dense(1, use_bias=False)(question), (0, 2, 1))
    similar = similar + ops.matmul(Scale()(passage), ops.transpose(question, (0, 2, 1)))
    similar = similar - 1e9 * ops.equal(question_words, 0)[:, None, :]
    asked = ops.matmul(ops.softmax(similar), question)
    key = ops.matmul(ops.softmax(ops.max(similar, axis=2))[:, None], passage)
    aware = layers.Concatenate()([passage, asked, passage * asked, passage * key])

    model = lstm(width, dropout)(aware)
    model = lstm(width, dropout)(model)
    model_end = lstm(width, dropout)(model)

    def place(model):
        score = layers.Dense(1)(layers.Concatenate()([aware, model]))[..., 0]
        return ops.softmax(score - 1e9 * ops.equal(passage_words, 0))

    places = {"begin": place(model), "end": place(model_end)}
    return Model([passage_words, passage_letters, question_words, question_letters], places)
