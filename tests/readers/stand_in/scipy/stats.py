"""What compare.py takes from SciPy, which Debian cannot install beside Boost 1.81."""
from collections import namedtuple
from math import erfc, exp, log, sqrt

from numpy import array

MannWhitneyU = namedtuple("MannWhitneyU", ["statistic", "pvalue"])


def gmean(rows):
    """Geometric means of the columns."""
    return array([exp(sum(map(log, column)) / len(column)) for column in zip(*rows)])


def mannwhitneyu(one, other, alternative="two-sided"):
    """By the normal approximation, without a correction for ties."""
    assert alternative == "two-sided"
    n, m = len(one), len(other)
    u = sum((a > b) + (a == b) / 2 for a in one for b in other)
    z = abs(u - n * m / 2) / sqrt(n * m * (n + m + 1) / 12)
    return MannWhitneyU(u, erfc(z / sqrt(2)))
