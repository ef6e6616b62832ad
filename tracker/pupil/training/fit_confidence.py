#!/usr/bin/python3
"""Fits the three confidence models of the pupil detector and writes tracker/pupil/confidence_tables.cpp.

usage: fit_confidence.py EVIDENCE.csv [EVIDENCE.csv ...] [--out confidence_tables.cpp] [--held-out NAME ...]
                         [--emphasis NAME=FACTOR ...]

EVIDENCE.csv comes from `yarbus benchmark detection --evidence FILE`: one row for each outline that the detector
considered, with what was seen of it and how far it is from the true pupil. The model is a generalised additive one
(Hastie & Tibshirani 1990): log-odds = bias + a piecewise linear function of each piece of evidence, fitted by
penalised logistic regression. Rows of sets named after --held-out are not fitted, only scored. Needs python3-numpy.
"""
import argparse
import csv
import sys

import numpy as np

KNOTS = 5
KNOT_QUANTILES = [0.02, 0.25, 0.5, 0.75, 0.98]
RIDGE = 0.3        # on every contribution, so that what the data do not tell stays 0
SMOOTHNESS = 3.0   # on second differences along the knots
NEWTON_STEPS = 12


def read_rows(paths):
    names, meta, evidence = None, [], []
    for path in paths:
        with open(path, newline='') as file:
            reader = csv.reader(file)
            header = next(reader)
            first = header.index('hausdorff_px') + 1
            if names is None:
                names = header[first:]
            elif names != header[first:]:
                sys.exit(f'{path}: its evidence columns differ from those of {paths[0]}')
            for row in reader:
                meta.append((row[0], int(row[1]), float(row[2]), float(row[3]), int(row[4]), int(row[5]),
                             float(row[6]), float(row[7])))
                evidence.append(np.array(row[first:], dtype=np.float32))
    kinds = [('set', 'U200'), ('frame', int), ('height', float), ('visible', float), ('closed', int), ('refined', int),
             ('center', float), ('hausdorff', float)]
    return names, np.array(meta, dtype=kinds), np.array(evidence, dtype=np.float32)


def knots_of(column):
    at = np.quantile(column, KNOT_QUANTILES)
    for k in range(1, KNOTS):  # a constant stretch still needs ascending knots
        at[k] = max(at[k], at[k - 1] + 1e-3)
    return at


def hat_basis(column, at):
    """Weights of the knots for each value: linear between knots, constant beyond."""
    clipped = np.clip(column, at[0], at[-1])
    upper = np.clip(np.searchsorted(at, clipped, side='right'), 1, KNOTS - 1)
    share = (clipped - at[upper - 1]) / (at[upper] - at[upper - 1])
    basis = np.zeros((len(column), KNOTS), dtype=np.float32)
    rows = np.arange(len(column))
    basis[rows, upper - 1] = 1 - share
    basis[rows, upper] += share
    return basis


def penalty(terms):
    difference = np.zeros((KNOTS - 2, KNOTS))
    for k in range(KNOTS - 2):
        difference[k, k:k + 3] = [1, -2, 1]
    block = SMOOTHNESS * difference.T @ difference + RIDGE * np.eye(KNOTS)
    whole = np.zeros((1 + terms * KNOTS, 1 + terms * KNOTS))
    for t in range(terms):
        whole[1 + t * KNOTS:1 + (t + 1) * KNOTS, 1 + t * KNOTS:1 + (t + 1) * KNOTS] = block
    return whole


def fit(basis, label, weight):
    design = np.concatenate([np.ones((len(label), 1), dtype=np.float32), basis], axis=1)
    prior = penalty(basis.shape[1] // KNOTS)
    beta = np.zeros(design.shape[1])
    for _ in range(NEWTON_STEPS):
        p = 1 / (1 + np.exp(-np.clip(design @ beta, -30, 30)))
        gradient = design.T @ (weight * (label - p)) - prior @ beta
        curvature = (design * (weight * p * (1 - p))[:, None].astype(np.float32)).T @ design + prior
        beta += np.linalg.solve(curvature.astype(float), gradient)
    return beta


def best_of_each_frame(meta, log_odds):
    order = np.lexsort((-log_odds, meta['frame'], meta['set']))
    first = np.ones(len(order), dtype=bool)
    same = (meta['set'][order][1:] == meta['set'][order][:-1]) & (meta['frame'][order][1:] == meta['frame'][order][:-1])
    first[1:] = ~same
    return order[first]


def recalibrate(log_odds, label):
    """Slope and offset that make the chosen outlines' probabilities true."""
    design = np.stack([np.ones_like(log_odds), log_odds], axis=1)
    beta = np.array([0.0, 1.0])
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(design @ beta, -30, 30)))
        curvature = (design * (p * (1 - p))[:, None]).T @ design + 1e-3 * np.eye(2)
        beta += np.linalg.solve(curvature, design.T @ (label - p))
    return beta


def report(name, meta, log_odds, label):
    chosen = best_of_each_frame(meta, log_odds)
    p = 1 / (1 + np.exp(-np.clip(log_odds[chosen], -30, 30)))
    y = label[chosen]
    error = 0.0
    print(f'{name}: {len(chosen)} frames, Brier score {np.mean((p - y) ** 2):.4f}')
    for low in np.arange(0, 1, 0.1):
        inside = (p >= low) & (p < low + 0.1 + (low > 0.85))
        if inside.any():
            print(f'  stated {p[inside].mean():.2f}  observed {y[inside].mean():.2f}  frames {inside.sum()}')
            error += inside.sum() * abs(p[inside].mean() - y[inside].mean())
    print(f'  expected calibration error {error / len(chosen):.4f}')


def train(names, meta, evidence, label, held_out, emphasis, recalibrated, title):
    used = ~np.isin(meta['set'], held_out)
    frames = {}
    for key in zip(meta['set'][used], meta['frame'][used]):
        frames[key] = frames.get(key, 0) + 1
    weight = np.zeros(len(label))
    weight[used] = [8.0 / frames[key] for key in zip(meta['set'][used], meta['frame'][used])]
    for name, factor in emphasis:
        weight[meta['set'] == name] *= factor
    at = [knots_of(evidence[used, t]) for t in range(len(names))]
    basis = np.concatenate([hat_basis(evidence[:, t], at[t]) for t in range(len(names))], axis=1)
    beta = fit(basis[used], label[used], weight[used])
    log_odds = beta[0] + basis @ beta[1:]
    slope, offset = 1.0, 0.0
    if recalibrated:
        chosen = best_of_each_frame(meta[used], log_odds[used])
        offset, slope = recalibrate(log_odds[used][chosen], label[used][chosen])
    log_odds = offset + slope * log_odds
    report(title + ', fitted', meta[used], log_odds[used], label[used])
    if (~used).any():
        report(title + ', held out', meta[~used], log_odds[~used], label[~used])
    terms = []
    bias = offset + slope * beta[0]
    for t in range(len(names)):
        contribution = slope * beta[1 + t * KNOTS:1 + (t + 1) * KNOTS]
        bias += contribution[-1]
        terms.append((at[t], contribution - contribution[-1]))
    return bias, terms


def write_tables(path, names, models):
    with open(path, 'w') as out:
        out.write('// Written by training/fit_confidence.py; docs/pupil-detection.md says from what. Do not edit by hand.\n\n'
                  '#include "tracker/pupil/confidence_model.h"\n\nnamespace yarbus {\nnamespace {\n\n'
                  '// clang-format off\n')
        for function, (bias, terms) in models.items():
            out.write(f'constexpr ConfidenceModel {function}_table{{{bias:.4f}, {{{{\n')
            for name, (at, log_odds) in zip(names, terms):
                numbers = ', '.join(f'{v:.4f}' for v in at)
                odds = ', '.join(f'{v:.4f}' for v in log_odds)
                out.write(f'    {{{{{numbers}}}, {{{odds}}}}},  // {name}\n')
            out.write('}}};\n\n')
        out.write('// clang-format on\n\n}  // namespace\n\n')
        for function in models:
            out.write(f'const ConfidenceModel& {function}() {{ return {function}_table; }}\n')
        out.write('\n}  // namespace yarbus\n')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('evidence', nargs='+')
    parser.add_argument('--out', default='confidence_tables.cpp')
    parser.add_argument('--held-out', nargs='*', default=[])
    parser.add_argument('--emphasis', nargs='*', default=[], help='frames of the set NAME count FACTOR times')
    arguments = parser.parse_args()
    emphasis = [(name, float(factor)) for name, factor in (pair.split('=') for pair in arguments.emphasis)]
    names, meta, evidence = read_rows(arguments.evidence)
    models = {}
    for function, refined, error, within_px, within_heights in (
            ('final_confidence_model', 1, 'hausdorff', 2.0, 0.0),
            ('presence_model', 1, 'center', 5.0, 5.0 / 480),
            ('coarse_confidence_model', 0, 'hausdorff', 3.0, 4.0 / 480)):
        rows = meta['refined'] == refined
        within = np.maximum(within_px, within_heights * meta['height'][rows])
        label = ((meta[error][rows] <= within) & (meta['closed'][rows] == 0)).astype(float)
        models[function] = train(names, meta[rows], evidence[rows], label, arguments.held_out, emphasis,
                                 bool(refined), function)
    write_tables(arguments.out, names, models)


if __name__ == '__main__':
    main()
