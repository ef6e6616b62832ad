#!/usr/bin/python3
"""Trains the network that finds iris, corners and lids in a crop of one eye, on drawn eyes only, and writes it as ONNX.

usage: train_eye_network.py [--seed 7] [--steps 8000] [--stop STEP] [--out eye_network.onnx]
       train_eye_network.py --sheet SHEET.pgm      (only draws a sheet of examples)

Same seed, steps and torch release give the same weights on one machine. Needs python3-torch, python3-numpy.
"""
import argparse
import json
import time

import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, IterableDataset

import eye_network as network
import eye_renderer as renderer
import webcam

FRESH = 32           # drawn anew for each step
AGAIN = 32           # drawn before, photographed anew
REMEMBERED = 300     # drawings of FRESH each
PHOTOGRAPHED = 16    # of one source size
BEST_RATE = 3e-3
WARM_UP = 0.05       # share of the steps
DECAY = 1e-4
AVERAGING = 0.998    # of the weights over steps
LAYOUT = torch.channels_last  # the faster one on CPUs
HELD_OUT = 64        # drawings of FRESH for the figures


class Crops(IterableDataset):
    """Step after step of crops and labels; a pure function of the seed."""

    def __init__(self, seed, steps):
        super().__init__()
        self.seed, self.steps = seed, steps

    def __iter__(self):
        torch.set_num_threads(1)
        rng = torch.Generator().manual_seed(self.seed)
        kept = []
        for step in range(self.steps):
            pictures, labels = renderer.render(self.seed, step, FRESH)
            picks = torch.randint(0, max(len(kept) * FRESH, 1), (AGAIN,), generator=rng)
            if kept:
                old = [[part[int(p) % FRESH] for part in kept[int(p) // FRESH]] for p in picks]
                batch = torch.cat([pictures, torch.stack([o[0] for o in old]).float()])
                rows = torch.cat([labels, torch.stack([o[1] for o in old])])
            else:
                batch, rows = pictures, labels
            if len(kept) < REMEMBERED:
                kept.append((pictures.half(), labels))
            else:
                kept[step % REMEMBERED] = (pictures.half(), labels)
            order = torch.randperm(len(batch), generator=rng)
            shots = [webcam.photograph(rng, batch[part], rows[part]) for part in order.split(PHOTOGRAPHED)]
            yield torch.cat([s[0] for s in shots]), torch.cat([s[1] for s in shots])


def loss_of(out, labels):
    present = webcam.present_weight(labels)
    seen = (present > 0.5).float()
    count = seen.sum().clamp(min=1)
    iris, true = out[:, :2], labels[:, :2]
    log_sigma = out[:, network.LOG_SIGMA:network.LOG_SIGMA + 2].clamp(-3, 4)
    away = (iris - true).abs()
    likely = (away * torch.exp(-log_sigma) + log_sigma).sum(1)  # Laplace
    # the sum would let go of what it calls unsure, hence also the plain distance
    plain = F.smooth_l1_loss(iris, true, reduction='none', beta=1.0).sum(1)

    def points(first, last):
        far = F.smooth_l1_loss(out[:, first:last], labels[:, first:last], reduction='none', beta=1.0)
        inside = ((labels[:, first:last] > 0) & (labels[:, first:last] < webcam.CROP_WIDTH)).float()
        return (far * inside).mean(1) * 2

    corners, lids = points(network.INNER, network.UPPER), points(network.UPPER, network.OPENNESS)
    opened = labels[:, renderer.OPENNESS]
    wide = F.smooth_l1_loss(out[:, network.RADIUS], labels[:, renderer.RADIUS], reduction='none', beta=0.5)
    openness = (out[:, network.OPENNESS] - opened).abs()
    each = likely + 0.5 * plain + 0.5 * corners + 0.5 * lids + 0.5 * wide * (opened > 0.2) + 4 * openness
    judged = (present >= 0).float()
    logit = F.binary_cross_entropy_with_logits(out[:, network.PRESENT], seen, reduction='none')
    return (each * seen).sum() / count + 2 * (logit * judged).sum() / judged.sum().clamp(min=1)


def figures(net, crops, labels):
    with torch.no_grad():
        out = torch.cat([net(network.normalised(part)) for part in crops.split(128)])
    present = webcam.present_weight(labels)
    seen, none = present > 0.5, (present > -0.5) & (present < 0.5)
    wide = seen & (labels[:, renderer.OPENNESS] > 0.3)
    far = (out[:, :2] - labels[:, :2]).norm(dim=1)
    corner = (out[:, 3:5] - labels[:, 3:5]).norm(dim=1)
    lids = (out[:, 7:27] - labels[:, 7:27]).abs()[:, 1::2].mean(dim=1)
    said = out[:, network.PRESENT] > 0
    numbers = {'iris_px_median_open': far[wide].median(), 'iris_px_p95_open': far[wide].quantile(0.95),
               'iris_px_p95_all': far[seen].quantile(0.95),
               'radius_px_mean': (out[:, 2] - labels[:, 2]).abs()[wide].mean(),
               'corner_px_median': corner[seen].median(),
               'lid_px_mean': lids[seen].mean(),
               'openness_mean': (out[:, 27] - labels[:, renderer.OPENNESS]).abs()[seen].mean(),
               'eyes_missed': 1 - said[seen].float().mean(), 'none_taken_for_eye': said[none].float().mean()}
    return {name: round(float(number), 4) for name, number in numbers.items()}


def write_sheet(path, seed, columns=12, rows=10):
    crops = torch.cat([c for c, _ in Crops(seed, columns * rows // FRESH + 1)])[:columns * rows, 0]
    sheet = crops.view(rows, columns, webcam.CROP_HEIGHT, webcam.CROP_WIDTH).permute(0, 2, 1, 3)
    sheet = sheet.reshape(rows * webcam.CROP_HEIGHT, columns * webcam.CROP_WIDTH).to(torch.uint8)
    with open(path, 'wb') as file:
        file.write(b'P5\n%d %d\n255\n' % (sheet.shape[1], sheet.shape[0]))
        file.write(sheet.numpy().tobytes())


def export(net, path):
    torch.onnx.export(net, torch.zeros(1, 1, webcam.CROP_HEIGHT, webcam.CROP_WIDTH), path, opset_version=11,
                      input_names=['crop'], output_names=['eye'])


def train(seed, steps, stop, out, pace):
    torch.manual_seed(seed)
    net, mean_net = network.EyeNetwork().to(memory_format=LAYOUT), network.EyeNetwork().to(memory_format=LAYOUT)
    mean_net.load_state_dict(net.state_dict())
    mean_net.eval()
    optimiser = torch.optim.AdamW(net.parameters(), lr=BEST_RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, BEST_RATE, total_steps=steps, pct_start=WARM_UP)
    held = list(Crops(seed + 1, HELD_OUT))
    held = torch.cat([c for c, _ in held]), torch.cat([r for _, r in held])
    now = net.state_dict()
    pairs = [(value, now[name]) for name, value in mean_net.state_dict().items()]
    started, total = time.time(), 0.0
    for step, (crops, labels) in enumerate(DataLoader(Crops(seed, steps), batch_size=None, num_workers=1)):
        loss = loss_of(net(network.normalised(crops).contiguous(memory_format=LAYOUT)), labels)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        schedule.step()
        with torch.no_grad():
            keep = min(AVERAGING, (step + 1) / (step + 20))
            for value, other in pairs:
                value.lerp_(other, 1 - keep) if value.is_floating_point() else value.copy_(other)
        total += float(loss)
        if (step + 1) % pace == 0 or step + 1 == stop:
            seconds = round(time.time() - started)
            numbers = figures(mean_net, *held)
            mean_loss = total / (step % pace + 1)
            print(f'step {step + 1} of {steps}, {seconds} s, loss {mean_loss:.3f}, {numbers}', flush=True)
            total = 0.0
            export(mean_net, out)
            with open(out.rsplit('.', 1)[0] + '.json', 'w') as file:
                json.dump({'seed': seed, 'steps': step + 1, 'steps_planned': steps, 'seconds': seconds,
                           'torch': torch.__version__, 'held_out_drawings': numbers}, file, indent=2)
                file.write('\n')
        if step + 1 == stop:
            break


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument('--seed', type=int, default=7)
    arguments.add_argument('--steps', type=int, default=8000)
    arguments.add_argument('--stop', type=int, help='end after so many of the steps, before the rate is all down')
    arguments.add_argument('--out', default='eye_network.onnx')
    arguments.add_argument('--pace', type=int, default=500, help='steps between two lines of progress')
    arguments.add_argument('--sheet', help='only write a sheet of examples (PGM)')
    given = arguments.parse_args()
    torch.set_num_threads(1)
    if given.sheet:
        write_sheet(given.sheet, given.seed)
    else:
        train(given.seed, given.steps, min(given.stop or given.steps, given.steps), given.out, given.pace)


if __name__ == '__main__':
    main()
