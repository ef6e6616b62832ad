"""Small drawing tools for batches of pictures: chance, soft edges, smooth noise. Shapes are (count, 1, 1)."""
import torch
import torch.nn.functional as F


def between(rng, count, low, high):
    return low + (high - low) * torch.rand(count, 1, 1, generator=rng)


def spread(rng, count, mean, sigma):
    """Normal, cut at 2.5 sigma."""
    return mean + sigma * torch.randn(count, 1, 1, generator=rng).clamp(-2.5, 2.5)


def dice(rng, count, chance):
    return torch.rand(count, 1, 1, generator=rng) < chance


def soft(distance, width):
    """0 outside (distance < 0) to 1 inside, over `width`."""
    return (distance / width + 0.5).clamp(0, 1)


def bell(x):
    return torch.exp(-0.5 * x * x)


def noise(rng, count, cells, shape):
    """Smooth noise of about -1 .. 1 with `cells` (rows, columns) of independent values."""
    grid = torch.rand(count, 1, cells[0], cells[1], generator=rng) * 2 - 1
    return F.interpolate(grid, size=shape, mode='bilinear', align_corners=True)[:, 0]
