"""What marks add up to: weighted scores, how far experts are apart, who is strict and who is mild. Pure.

A score is the weighted mean of the marks on a scale of 0 to 100. To compare plans read by different experts, each
expert's leniency is taken off: `score = plan + leniency + rest`, by least squares, drawn towards 0 where an expert has
read little.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median, pstdev

from app.reviews.scoring_models import HIGHEST, LOWEST

PRIOR = 3.0  # plans' worth of «no leniency» every expert starts with
ROUNDS = 50
SETTLED = 1e-6
OUTLIER_DEVIATIONS = 2.0  # a score farther from what was to be expected is drawn as an outlier
OUTLIER_LEAST = 10.0  # …but never one that is off by less


@dataclass(frozen=True, slots=True)
class Score:
    """What one expert's sheet comes to, 0 to 100."""

    plan: int
    expert: int
    value: float


@dataclass(frozen=True, slots=True)
class Summary:
    """A plan's scores. `normalised`: the mean without the experts' leniency; `outliers`: experts who stand apart."""

    plan: int
    number: int
    mean: float
    middle: float
    lowest: float
    highest: float
    normalised: float
    outliers: tuple[int, ...]

    @property
    def spread(self) -> float:
        return self.highest - self.lowest


def value_of(marks: Mapping[str, int], weights: Mapping[str, int]) -> float | None:
    """The weighted mean of the marks, 0 to 100; None unless every criterion that weighs anything is marked."""
    counted = {key: weight for key, weight in weights.items() if weight > 0}
    total = sum(counted.values())
    if not total or any(key not in marks for key in counted):
        return None
    mean = sum(marks[key] * weight for key, weight in counted.items()) / total
    return (mean - LOWEST) / (HIGHEST - LOWEST) * 100


def leniency(scores: Sequence[Score]) -> dict[int, float]:
    """By how much each expert's scores lie above what the plans are worth; negative for the strict."""
    by_plan, by_expert = _grouped(scores)
    lenient = dict.fromkeys(by_expert, 0.0)
    for _round in range(ROUNDS):
        worth = {plan: fmean(s.value - lenient[s.expert] for s in own) for plan, own in by_plan.items()}
        after = {
            expert: sum(s.value - worth[s.plan] for s in own) / (len(own) + PRIOR) for expert, own in by_expert.items()
        }
        moved = max((abs(after[expert] - lenient[expert]) for expert in lenient), default=0.0)
        lenient = after
        if moved < SETTLED:
            break
    return lenient


def summaries(scores: Sequence[Score]) -> dict[int, Summary]:
    """Every plan that has a score, by plan."""
    lenient = leniency(scores)
    by_plan, _by_expert = _grouped(scores)
    worth = {plan: fmean(s.value - lenient[s.expert] for s in own) for plan, own in by_plan.items()}
    expected = {plan: median(s.value - lenient[s.expert] for s in own) for plan, own in by_plan.items()}
    rests = [s.value - lenient[s.expert] - expected[s.plan] for s in scores]
    limit = max(OUTLIER_DEVIATIONS * pstdev(rests), OUTLIER_LEAST) if len(rests) > 1 else float("inf")
    apart: dict[int, list[int]] = {s.plan: [] for s in scores}
    for score, rest in zip(scores, rests, strict=True):
        if abs(rest) > limit and len(by_plan[score.plan]) > 2:  # of two who differ, neither is the one apart
            apart[score.plan].append(score.expert)
    return {plan: _summary(plan, own, worth[plan], apart[plan]) for plan, own in by_plan.items()}


def _summary(plan: int, own: Sequence[Score], worth: float, apart: Sequence[int]) -> Summary:
    values = [score.value for score in own]
    normalised = min(max(worth, 0.0), 100.0)
    middle = median(values)
    return Summary(plan, len(own), fmean(values), middle, min(values), max(values), normalised, tuple(apart))


def ranked(found: Iterable[Summary]) -> list[Summary]:
    """The best first: by normalised score, then by plain mean, then in the order of the plans' numbers."""
    return sorted(found, key=lambda summary: (-summary.normalised, -summary.mean, summary.plan))


def _grouped(scores: Sequence[Score]) -> tuple[dict[int, list[Score]], dict[int, list[Score]]]:
    by_plan: dict[int, list[Score]] = defaultdict(list)
    by_expert: dict[int, list[Score]] = defaultdict(list)
    for score in scores:
        by_plan[score.plan].append(score)
        by_expert[score.expert].append(score)
    return by_plan, by_expert
