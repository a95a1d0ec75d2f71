"""A Wasserstein GAN with gradient penalty."""

from keras import Input, Model, Sequential, layers

SOURCE = "Gulrajani et al., Improved Training of Wasserstein GANs, 2017"
LINK = "https://keras.io/examples/generative/wgan_gp"
SMALL = {"latent": 5, "widths": [6, 5, 4], "filters": [3, 4, 5, 6]}


def leaky():
    return layers.LeakyReLU(negative_slope=0.2)


def up(filters, activation):
    return [
        layers.UpSampling2D(2),
        layers.Conv2D(filters, 3, padding="same", use_bias=False),
        layers.BatchNormalization(),
        layers.Activation(activation),
    ]


def generator(latent, widths):
    first = [layers.Dense(16 * widths[0], use_bias=False), layers.BatchNormalization(), leaky()]
    ups = [layer for width in widths[1:] for layer in up(width, leaky())]
    layer = [layers.Reshape((4, 4, widths[0])), *ups, *up(1, "tanh"), layers.Cropping2D(2)]
    return Sequential([Input((latent,)), *first, *layer])


def critic(filters):
    model = Sequential([Input((28, 28, 1)), layers.ZeroPadding2D(2)])
    for number, count in enumerate(filters):
        model.add(layers.Conv2D(count, 5, strides=2, padding="same"))
        model.add(leaky())
        if 0 < number < len(filters) - 1:
            model.add(layers.Dropout(0.3))
    for layer in (layers.Flatten(), layers.Dropout(0.2), layers.Dense(1)):
        model.add(layer)
    return model


def build(latent=128, widths=(256, 128, 64), filters=(64, 128, 256, 512)):
    noise, real, share = Input((latent,)), Input((28, 28, 1)), Input((1, 1, 1))
    made = generator(latent, widths)(noise)
    score = critic(filters)
    mixed = real + share * (made - real)
    scores = {"real": score(real), "generated": score(made), "mixed": score(mixed)}
    return Model([noise, real, share], scores)
