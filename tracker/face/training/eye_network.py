"""The network: where iris, corners and lids are in a crop of one eye. About 18 million multiplications.

A small encoder down to 4 x 6, a decoder back to 16 x 24; each point is the mean place of its own map there (a softmax
over the map; Nibali et al. 2018), the other numbers come from the coarsest features. Only layers that OpenCV 4.6 reads.
"""
import torch
from torch import nn

from eye_renderer import CROP_HEIGHT, CROP_WIDTH, LID_POINTS

POINTS = 3 + 2 * LID_POINTS  # iris, inner corner, outer corner, upper lid, lower lid
MAP_HEIGHT, MAP_WIDTH = CROP_HEIGHT // 4, CROP_WIDTH // 4
OUTPUTS = 31
# places in the output; points are x, y in crop px
IRIS, RADIUS, INNER, OUTER, UPPER, LOWER, OPENNESS, LOG_SIGMA, PRESENT = 0, 2, 3, 5, 7, 17, 27, 28, 30


def normalised(crops):
    """Gray levels 0 .. 255 to what the network takes: each crop less its mean, by its deviation."""
    mean = crops.mean(dim=(2, 3), keepdim=True)
    deviation = (crops - mean).pow(2).mean(dim=(2, 3), keepdim=True).sqrt()
    return (crops - mean) / (deviation + 4)


def block(inputs, outputs, stride=1, size=3):
    return nn.Sequential(nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False), nn.BatchNorm2d(outputs),
                         nn.ReLU(inplace=True))


class EyeNetwork(nn.Module):
    def __init__(self):
        super().__init__()
        self.half_size = block(1, 16, 2)
        self.quarter_size = nn.Sequential(block(16, 32, 2), block(32, 32))
        self.eighth_size = nn.Sequential(block(32, 48, 2), block(48, 48))
        self.sixteenth_size = nn.Sequential(block(48, 72, 2), block(72, 72), block(72, 72))
        self.down_8 = block(72, 48, size=1)
        self.merge_8 = block(48, 48)
        self.down_4 = block(48, 32, size=1)
        self.merge_4 = block(32, 32)
        self.maps = nn.Conv2d(32, POINTS, 1)
        self.whole = nn.Sequential(nn.Linear(72 * (MAP_HEIGHT // 4) * (MAP_WIDTH // 4), 64), nn.ReLU(inplace=True),
                                   nn.Linear(64, 5))
        self.twice = nn.Upsample(scale_factor=2, mode='nearest')
        v, u = torch.meshgrid(torch.arange(MAP_HEIGHT).float(), torch.arange(MAP_WIDTH).float(), indexing='ij')
        self.register_buffer('places', torch.stack([u.flatten() * 4 + 1.5, v.flatten() * 4 + 1.5], dim=1))
        self.register_buffer('scale', torch.tensor([[4.0, 0.5, 1.0, 1.0, 4.0]]))
        self.register_buffer('offset', torch.tensor([[9.0, 0.5, 0.5, 0.5, 0.0]]))

    def forward(self, crops):
        quarter = self.quarter_size(self.half_size(crops))
        eighth = self.eighth_size(quarter)
        deep = self.sixteenth_size(eighth)
        eighth = self.merge_8(eighth + self.twice(self.down_8(deep)))
        quarter = self.merge_4(quarter + self.twice(self.down_4(eighth)))
        share = torch.softmax(self.maps(quarter).reshape(-1, MAP_HEIGHT * MAP_WIDTH), dim=1)
        points = torch.nn.functional.linear(share, self.places.T).reshape(-1, 2 * POINTS)
        rest = self.whole(deep.flatten(1)) * self.scale + self.offset  # radius, openness, log sigma x, y, present
        return torch.cat([points[:, :2], rest[:, :1], points[:, 2:], rest[:, 1:]], dim=1)
