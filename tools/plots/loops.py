#!/usr/bin/env python3
"""Draws the curves of loops over their seeds, with bands, and prints a table in Markdown.

usage: tools/plots/loops.py -o FIGURE.svg [--figures fid,coverage,...] [--at 0,5,10,15] [--relative] RUN [RUN ...]

RUNs are folders of `surefoot loop` that differ in nothing but the seed, finished or not. A line is the mean of the seeds
that have come so far, its band their range; with one seed the band is the run's own bootstrap interval. In the table, ± is
half of Student's 95 % interval of that mean, which is wide for three seeds. Dotted lines are the real training windows,
measured as if they had been generated.
With --relative every figure is divided by its run's generation 0: seeds have other real windows, and differ in where they
start by more than in how they go on.
Needs matplotlib, numpy and scipy (`pip install matplotlib numpy scipy`).
"""
import argparse
import json
import pathlib

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import matplotlib.ticker
import numpy as np
from scipy import stats

FIGURES = "fid fidKinetic coverage diversity kineticEnergy physErr residualWrench jerk".split()
TITLES = {
    "fid": "FID", "fidKinetic": "FID_k", "fidGeometric": "FID_g", "coverage": "Coverage", "diversity": "Diversity",
    "kineticEnergy": "Kinetic energy [J/kg]", "physErr": "Phys-Err [mm]", "residualWrench": "Residual wrench [BW]",
    "jerk": "Jerk [m/s³]", "precision": "Precision", "recall": "Recall", "skate": "Skate [mm/frame]",
}
COLOURS = ["#444444", "#d1495b", "#00798c", "#edae49", "#6a4c93", "#66a182", "#30638e", "#a37c40"]


def generation(file):
    return json.loads(file.read_text())["samples"]["figures"]


def read(run):
    """The figures of every arm and generation there are: arm -> generation -> figure -> estimate."""
    arms = {}
    for file in sorted(run.glob("*/generation-*/metrics.json")):
        arms.setdefault(file.parts[-3], {})[int(file.parts[-2].split("-")[1])] = generation(file)
    for own in arms.values():
        own[0] = generation(run / "generation-000/metrics.json")
    return arms


def real(run):
    file = run / "evaluation-set.json"
    return json.loads(file.read_text())["realAgainstReal"]["figures"] if file.exists() else {}


def divided(figures, by):
    """Figures as multiples of those of generation 0; those that are 0 there are left out."""
    return {name: {key: value / by[name]["value"] for key, value in estimate.items()}
            for name, estimate in figures.items() if by.get(name, {}).get("value")}


def band(estimates):
    """Mean and 95 % interval of the seeds' figures."""
    values = np.array([e["value"] for e in estimates])
    if len(values) == 1:
        return values[0], estimates[0]["lower"], estimates[0]["upper"]
    half = stats.t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
    return values.mean(), values.mean() - half, values.mean() + half


def extent(estimates):
    """Mean and range of the seeds' figures; of a single one its own interval."""
    if len(estimates) == 1:
        return band(estimates)
    values = [e["value"] for e in estimates]
    return np.mean(values), min(values), max(values)


def curves(runs):
    arms = []
    for run in runs:
        arms += [arm for arm in run if arm not in arms]
    order = {"baseline": 0, "raw": 1}
    for arm in sorted(arms, key=lambda arm: order.get(arm, 2)):
        own = [run[arm] for run in runs if arm in run]
        yield arm, {g: [run[g] for run in own if g in run] for g in sorted({g for run in own for g in run})}


def short(x):
    return f"{x:.0f}" if abs(x) >= 100 else f"{x:.3g}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("runs", nargs="+", type=pathlib.Path)
    parser.add_argument("-o", "--output", required=True)
    parser.add_argument("--figures", default=",".join(FIGURES))
    parser.add_argument("--at", default="0,1,5,10,15")
    parser.add_argument("--relative", action="store_true")
    arguments = parser.parse_args()
    names = arguments.figures.split(",")
    runs = [read(run) for run in arguments.runs]
    reference = [real(run) for run in arguments.runs]
    if arguments.relative:
        starts = [next(iter(run.values()))[0] for run in runs]
        reference = [divided(figures, start) for figures, start in zip(reference, starts)]
        runs = [{arm: {g: divided(figures, start) for g, figures in own.items()} for arm, own in run.items()}
                for run, start in zip(runs, starts)]
    titles = {name: title.split(" [")[0] if arguments.relative else title for name, title in TITLES.items()}
    shown = {int(g) for g in arguments.at.split(",")}

    columns = 4 if len(names) > 3 else len(names)
    rows = -(-len(names) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(3.1 * columns, 2.5 * rows), squeeze=False)
    for name, axis in zip(names, axes.flat):
        for colour, (arm, generations) in zip(COLOURS, curves(runs)):
            points = {g: extent([e[name] for e in own if name in e]) for g, own in generations.items()
                      if any(name in e for e in own)}
            if not points:
                continue
            x = list(points)
            mean, lower, upper = np.array(list(points.values())).T
            axis.plot(x, mean, color=colour, label=arm, linewidth=1.4)
            axis.fill_between(x, lower, upper, color=colour, alpha=0.15, linewidth=0)
        known = [r[name]["value"] for r in reference if name in r]
        if known:
            axis.axhline(np.mean(known), color="black", linestyle=":", linewidth=1)
        axis.set_title(titles.get(name, name), fontsize=9)
        axis.tick_params(labelsize=7)
        axis.xaxis.set_major_locator(matplotlib.ticker.MaxNLocator(integer=True))
    for axis in axes.flat[len(names):]:
        axis.axis("off")
    figure.supxlabel("generation", fontsize=8)
    if arguments.relative:
        figure.supylabel("times generation 0", fontsize=8)
    lines, labels = axes.flat[0].get_legend_handles_labels()
    figure.legend(lines, labels, loc="upper center", ncol=8, fontsize=8, frameon=False)
    figure.tight_layout(rect=(0, 0, 1, 0.95))
    figure.savefig(arguments.output, dpi=110)

    print("| arm | generation | seeds | " + " | ".join(titles.get(n, n) for n in names) + " |")
    print("|" + "---|" * (len(names) + 3))
    cells = [short(np.mean([r[n]["value"] for r in reference if n in r])) if any(n in r for r in reference) else ""
             for n in names]
    print("| real training windows | | " + f"{len(runs)} | " + " | ".join(cells) + " |")
    for arm, generations in curves(runs):
        for g, own in generations.items():
            if g not in shown and g != max(generations):
                continue
            cells = []
            for n in names:
                known = [e[n] for e in own if n in e]
                mean, lower, upper = band(known) if known else (None,) * 3
                cells.append(f"{short(mean)} ± {short((upper - lower) / 2)}" if known else "")
            print(f"| {arm} | {g} | {len(own)} | " + " | ".join(cells) + " |")


main()
