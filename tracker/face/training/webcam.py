"""Makes of a drawn eye what a webcam's picture of it would be after it was cut out and brought to the crop's size."""
import math

import torch
import torch.nn.functional as F

from drawing import between, dice, spread
from eye_renderer import (CANVAS_HEIGHT, CANVAS_WIDTH, CROP_HEIGHT, CROP_WIDTH, MARGIN_X, MARGIN_Y, OPENNESS, PRESENT,
                          RADIUS)

SOURCE_WIDTHS = (36, 48, 60, 72, 84, 96, 96)  # of the crop in the camera's own px
BLUR_REACH = 4


def jitter(rng, pictures, labels):
    """Cuts the crop out of the canvas, a little turned, scaled and shifted. Labels become crop px."""
    n = len(pictures)
    scale, turn = torch.exp(spread(rng, n, 0, 0.04)), spread(rng, n, 0, 0.03)
    shift_u, shift_v = between(rng, n, -0.8, 0.8) * MARGIN_X, between(rng, n, -0.8, 0.8) * MARGIN_Y
    c, s = torch.cos(turn) / scale, torch.sin(turn) / scale
    v, u = torch.meshgrid(torch.arange(CROP_HEIGHT).float(), torch.arange(CROP_WIDTH).float(), indexing='ij')
    du, dv = u[None] - (CROP_WIDTH - 1) / 2, v[None] - (CROP_HEIGHT - 1) / 2
    at_u, at_v = c * du + s * dv + shift_u, c * dv - s * du + shift_v  # from the canvas' middle
    grid = torch.stack([at_u * 2 / CANVAS_WIDTH, at_v * 2 / CANVAS_HEIGHT], dim=-1)
    crops = F.grid_sample(pictures[:, None], grid, mode='bilinear', padding_mode='reflection', align_corners=False)
    out = labels.clone()
    c, s = (torch.cos(turn) * scale)[:, 0], (torch.sin(turn) * scale)[:, 0]
    places = [k for k in range(OPENNESS) if k != RADIUS]
    du = labels[:, places[0::2]] - (CANVAS_WIDTH - 1) / 2 - shift_u[:, 0]
    dv = labels[:, places[1::2]] - (CANVAS_HEIGHT - 1) / 2 - shift_v[:, 0]
    out[:, places[0::2]] = c * du - s * dv + (CROP_WIDTH - 1) / 2
    out[:, places[1::2]] = c * dv + s * du + (CROP_HEIGHT - 1) / 2
    out[:, RADIUS] = labels[:, RADIUS] * scale[:, 0, 0]
    return crops, out


def expose(rng, crops):
    """Exposure, clipping of what is too bright, gamma, contrast: to 0 .. 1."""
    n = len(crops)
    level = torch.exp(between(rng, n, -2.9, -0.4))[..., None]
    gain = level / crops.mean(dim=(2, 3), keepdim=True).clamp(min=0.01)
    gain = torch.where(dice(rng, n, 0.1)[..., None], gain * 1.6, gain)
    light = (crops * gain + between(rng, n, 0, 0.06)[..., None]).clamp(0, 1.4)
    knee = dice(rng, n, 0.4)[..., None]  # some cameras round the bright end off
    light = torch.where(knee, light / (1 + 0.35 * light) * 1.3, light)
    tone = light.clamp(1e-4, 1) ** between(rng, n, 0.4, 1.15)[..., None]
    low, high = between(rng, n, 0, 0.12)[..., None], between(rng, n, 0.8, 1.08)[..., None]
    return low + (high - low) * tone


def blur(rng, crops):
    """Lens, focus and movement, and the ringing of a camera that sharpens: one kernel for each picture."""
    n = len(crops)
    wide = torch.where(dice(rng, n, 0.25), between(rng, n, 0.3, 2.2), between(rng, n, 0.2, 1.0))
    slim = torch.minimum(wide, between(rng, n, 0.2, 1.2))
    way = between(rng, n, 0, math.pi)
    k = torch.arange(-BLUR_REACH, BLUR_REACH + 1).float()
    y, x = torch.meshgrid(k, k, indexing='ij')
    along, across = torch.cos(way) * x + torch.sin(way) * y, torch.cos(way) * y - torch.sin(way) * x
    kernel = torch.exp(-0.5 * ((along / wide) ** 2 + (across / slim) ** 2))
    kernel = kernel / kernel.sum(dim=(1, 2), keepdim=True)
    ring = torch.exp(-0.5 * (x * x + y * y)[None] / between(rng, n, 1.0, 1.8) ** 2)
    ring = ring / ring.sum(dim=(1, 2), keepdim=True)
    amount = torch.where(dice(rng, n, 0.35), between(rng, n, 0.1, 1.0), torch.zeros(n, 1, 1))
    point = torch.zeros_like(ring)
    point[:, BLUR_REACH, BLUR_REACH] = 1
    # sharpening acts on the blurred picture; the product of both kernels is near enough to this difference
    kernel = kernel * (1 + amount) - amount * ring
    padded = F.pad(crops.transpose(0, 1), [BLUR_REACH] * 4, mode='reflect')
    return F.conv2d(padded, kernel[:, None], groups=n).transpose(0, 1)


def cosines():
    k = torch.arange(8).float()
    table = torch.cos((2 * k[None] + 1) * k[:, None] * math.pi / 16) * 0.5
    table[0] *= math.sqrt(0.5)
    return table


def blocks(rng, crops):
    """Rounding of 8 x 8 cosine blocks, coarser for finer patterns, as in compressed video."""
    n, _, height, width = crops.shape
    pad_y, pad_x = 8 - height % 8, 8 - width % 8
    off_y, off_x = (int(torch.randint(0, p + 1, (1,), generator=rng)) for p in (pad_y, pad_x))
    padded = F.pad(crops, [off_x, pad_x - off_x, off_y, pad_y - off_y], mode='replicate')
    rows, columns = padded.shape[2] // 8, padded.shape[3] // 8
    tiles = padded.view(n, rows, 8, columns, 8).permute(0, 1, 3, 2, 4)
    table = cosines()
    k = torch.arange(8).float()
    step = torch.exp(between(rng, n, -5.5, -3.0))[..., None, None] * (1 + 0.6 * (k[:, None] + k[None]))
    coefficient = table @ tiles @ table.T
    coefficient = torch.round(coefficient / step) * step
    tiles = table.T @ coefficient @ table
    padded = tiles.permute(0, 1, 3, 2, 4).reshape(n, 1, rows * 8, columns * 8)
    return padded[:, :, off_y:off_y + height, off_x:off_x + width]


def photograph(rng, pictures, labels):
    """Returns crops (count, 1, 64, 96) of gray levels 0 .. 255 and labels in crop px. All of one batch have one
    source size."""
    crops, labels = jitter(rng, pictures, labels)
    n = len(crops)
    width = SOURCE_WIDTHS[int(torch.randint(0, len(SOURCE_WIDTHS), (1,), generator=rng))]
    crops = expose(rng, crops)
    if width < CROP_WIDTH:
        crops = F.interpolate(crops, size=(width * 2 // 3, width), mode='area')
    crops = blur(rng, crops)
    grain = torch.where(dice(rng, n, 0.8), between(rng, n, 0, 0.015), between(rng, n, 0.01, 0.03))[..., None]
    crops = (crops + grain * torch.randn(crops.shape, generator=rng)).clamp(0, 1)
    if float(torch.rand(1, generator=rng)) < 0.4:
        crops = blocks(rng, crops).clamp(0, 1)
    if width < CROP_WIDTH:
        crops = F.interpolate(crops, size=(CROP_HEIGHT, CROP_WIDTH), mode='bilinear', align_corners=False)
    return torch.round(crops * 255), labels


def present_weight(labels):
    """1 where the iris is surely in the crop, 0 where surely no eye is, -1 between (not to be learnt)."""
    u, v = labels[:, 0], labels[:, 1]
    inside = torch.minimum(torch.minimum(u, CROP_WIDTH - 1 - u) / CROP_WIDTH,
                           torch.minimum(v, CROP_HEIGHT - 1 - v) / CROP_HEIGHT)
    seen = torch.where(inside > 0.1, torch.ones_like(u), torch.where(inside < 0.0, torch.zeros_like(u),
                                                                    -torch.ones_like(u)))
    return torch.where((labels[:, PRESENT] < 0.5) & (seen > 0.5), torch.zeros_like(u), seen)
