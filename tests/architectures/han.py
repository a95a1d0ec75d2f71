"""The hierarchical attention network."""

from keras import Input, Model, layers, ops

SOURCE = "Yang et al., Hierarchical Attention Networks for Document Classification, 2016"
LINK = "https://github.com/richliao/textClassifier"
SMALL = {"vocabulary": 30, "sentences": 3, "words": 5, "width": 6}


def attend(x, seen, width):
    x = layers.Bidirectional(layers.GRU(width, return_sequences=True))(x, mask=seen)
    scores = layers.Dense(width, activation="tanh")(x)
    scores = layers.Dense(1, use_bias=False)(scores)
    weights = layers.Softmax(axis=1)(scores, mask=seen[..., None])
    return ops.sum(x * weights, axis=1)


def build(vocabulary=20000, sentences=15, words=100, width=100, classes=2):
    sentence = Input((words,), dtype="int32")
    vectors = layers.Embedding(vocabulary, width)(sentence)
    encoder = Model(sentence, attend(vectors, sentence != 0, width))

    text = Input((sentences, words), dtype="int32")
    said = attend(layers.TimeDistributed(encoder)(text), ops.any(text != 0, axis=-1), width)
    model = Model(text, layers.Dense(classes, activation="softmax")(said))
    model.compile(optimizer="rmsprop", loss="categorical_crossentropy", metrics=["accuracy"])
    return model
