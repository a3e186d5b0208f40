"""A classifier of the k nearest neighbours, as a small stand-in for any predictor that is kept as a pickle."""

import math
from collections import Counter


class NearestNeighbours:
    def __init__(self, features, rows, labels, k=5):
        self.features, self.rows, self.labels, self.k = features, rows, labels, k

    def predict(self, row):
        """The label that most of the nearest have, and its share of them."""
        nearest = sorted(range(len(self.rows)), key=lambda i: math.dist(row, self.rows[i]))[: self.k]
        label, votes = Counter(self.labels[i] for i in nearest).most_common(1)[0]
        return label, votes / self.k
