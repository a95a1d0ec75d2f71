"""Soft actor-critic: the policy and two critics."""

import math

from keras import Input, Model, layers, ops

SOURCE = "Haarnoja et al., Soft Actor-Critic Algorithms and Applications, 2018"
LINK = "https://arxiv.org/abs/1812.05905"
EQUAL = "results: by hand, actor and critics are Models"
SMALL = {"observations": 4, "actions": 2, "widths": [8, 6]}


def hidden(x, widths):
    for units in widths:
        x = layers.Dense(units, activation="relu")(x)
    return x


def actor(observations, actions, widths):
    observation, noise = Input((observations,)), Input((actions,))
    x = hidden(observation, widths)
    mean, log_std = layers.Dense(actions)(x), layers.Dense(actions)(x)
    log_std = ops.clip(log_std, -20, 2)
    drawn = mean + ops.exp(log_std) * noise
    normal = ops.sum(-0.5 * noise**2 - log_std - math.log(2 * math.pi) / 2, axis=-1)
    squashed = ops.sum(2 * (math.log(2) - drawn - ops.softplus(-2 * drawn)), axis=-1)
    return Model([observation, noise], [ops.tanh(drawn), normal - squashed])


def critic(observations, actions, widths):
    observation, action = Input((observations,)), Input((actions,))
    x = hidden(layers.Concatenate()([observation, action]), widths)
    return Model([observation, action], layers.Dense(1)(x))


def build(observations=17, actions=6, widths=(256, 256), temperature=0.2):
    observation, done, noise = Input((observations,)), Input((actions,)), Input((actions,))
    critics = [critic(observations, actions, widths) for _ in range(2)]
    action, log_likelihood = actor(observations, actions, widths)([observation, noise])
    values = [it([observation, done]) for it in critics]
    drawn = ops.minimum(*(it([observation, action]) for it in critics))
    soft = drawn[:, 0] - temperature * log_likelihood
    return Model([observation, done, noise], [*values, soft, action])
