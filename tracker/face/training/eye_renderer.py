"""Procedural pictures of one eye as an ordinary webcam sees it, with the places that the network is to find.

Everything is drawn by formula on a grid of millimetres of the face (x to the nose, y down, origin in the middle
between the eye's corners); nothing comes from a photograph. One batch is a pure function of (seed, index).
Sizes: fissure 30 mm, iris 11.7 mm wide, eyeball's centre of rotation 10.5 mm behind the iris' plane
(Bekerman et al. 2014; Rüfer et al. 2005); all else (lids, brows, lashes, light) is spread wider than people are.
"""
import math

import torch

import face_parts
from drawing import between, bell, dice, noise, soft, spread

CROP_WIDTH, CROP_HEIGHT = 96, 64
MARGIN_X, MARGIN_Y = 8, 6          # drawn beyond the crop, so that the crop can be jittered without a seam
CANVAS_WIDTH, CANVAS_HEIGHT = CROP_WIDTH + 2 * MARGIN_X, CROP_HEIGHT + 2 * MARGIN_Y
CROP_FISSURES = 2.0                # the crop is this many fissures wide
FISSURE_MM = 30.0
PX_PER_MM = CROP_WIDTH / (CROP_FISSURES * FISSURE_MM)
LID_POINTS = 5                     # on each margin, at 1/6 .. 5/6 of the way from the outer to the inner corner

# Places of one label row, in canvas px (pixel centres are whole numbers)
IRIS, RADIUS, INNER, OUTER, UPPER, LOWER, OPENNESS, PRESENT = 0, 2, 3, 5, 7, 17, 27, 28
LABELS = 29


class Scene:
    """One batch's coordinates: image px to millimetres of the face and back."""

    def __init__(self, count, rng):
        self.count, self.rng = count, rng
        v, u = torch.meshgrid(torch.arange(CANVAS_HEIGHT).float(), torch.arange(CANVAS_WIDTH).float(), indexing='ij')
        self.u, self.v = u[None], v[None]
        tight = dice(rng, count, 0.5)
        scale = torch.exp(torch.where(tight, spread(rng, count, 0.0, 0.08), between(rng, count, -0.27, 0.27)))
        self.px_per_mm = PX_PER_MM * scale
        self.roll = torch.where(tight, spread(rng, count, 0.0, 0.06), between(rng, count, -0.3, 0.3))
        self.yaw = torch.where(tight, spread(rng, count, 0.0, 0.12), between(rng, count, -0.5, 0.5))
        self.narrow = torch.cos(self.yaw)
        self.flat = torch.cos(spread(rng, count, 0.0, 0.2))
        self.shear = spread(rng, count, 0.0, 0.04)
        wide = dice(rng, count, 0.6)
        self.shift_u = torch.where(wide, between(rng, count, -0.28, 0.28), spread(rng, count, 0, 0.05)) * CROP_WIDTH
        self.shift_v = torch.where(wide, between(rng, count, -0.28, 0.28), spread(rng, count, 0, 0.06)) * CROP_HEIGHT

    def place(self, x_mm, y_mm, far):
        """Puts the point (x, y) of the face to the middle of the canvas, then shifted as drawn (`far`: much more)."""
        self.origin_u = (CANVAS_WIDTH - 1) / 2 + self.shift_u + far[0] * CROP_WIDTH
        self.origin_v = (CANVAS_HEIGHT - 1) / 2 + self.shift_v + far[1] * CROP_HEIGHT
        du, dv = self.to_px(x_mm, y_mm, origin=False)
        self.origin_u, self.origin_v = self.origin_u - du, self.origin_v - dv
        du, dv = (self.u - self.origin_u) / self.px_per_mm, (self.v - self.origin_v) / self.px_per_mm
        c, s = torch.cos(self.roll), torch.sin(self.roll)
        self.y = (c * dv - s * du) / self.flat
        self.x = (c * du + s * dv) / self.narrow - self.shear * self.y

    def to_px(self, x_mm, y_mm, origin=True):
        across, down = (x_mm + self.shear * y_mm) * self.narrow, y_mm * self.flat
        c, s = torch.cos(self.roll), torch.sin(self.roll)
        u, v = (c * across - s * down) * self.px_per_mm, (s * across + c * down) * self.px_per_mm
        return (u + self.origin_u, v + self.origin_v) if origin else (u, v)


class Lids:
    """Margins of the lids as heights over the line between the corners; t runs 0 (outer) .. 1 (inner corner)."""

    def __init__(self, scene, iris_y, rest_y):
        rng, n = scene.rng, scene.count
        self.fissure = spread(rng, n, FISSURE_MM, 1.3)
        self.tilt = spread(rng, n, 0.06, 0.06)  # the outer corner is a little higher
        self.rise, self.fall = between(rng, n, 0.45, 0.85), between(rng, n, 0.5, 0.95)
        self.low_rise, self.low_fall = between(rng, n, 0.55, 1.0), between(rng, n, 0.6, 1.1)
        kind = torch.rand(n, 1, 1, generator=rng)
        self.open = torch.where(kind < 0.64, between(rng, n, 0.78, 1.08), torch.where(
            kind < 0.84, between(rng, n, 0.12, 0.8), torch.where(kind < 0.96, torch.zeros(n, 1, 1),
                                                                 between(rng, n, 1.05, 1.3))))
        below = (between(rng, n, 4.0, 6.2) + rest_y + 0.3 * (iris_y - rest_y)).clamp(1.5, 8)
        above = (between(rng, n, 2.4, 5.8) - rest_y - 0.8 * (iris_y - rest_y)).clamp(1.0, 11)
        squint = torch.where(dice(rng, n, 0.15), between(rng, n, 0.35, 1.0), torch.ones(n, 1, 1))
        self.below = below * squint * (0.65 + 0.35 * self.open.clamp(max=1))
        self.above = above * squint * self.open - (1 - self.open.clamp(max=1)) * self.below * between(rng, n, 0.8, 1.0)
        self.above = torch.maximum(self.above, -self.below)

    @staticmethod
    def arch(t, rise, fall):
        t = t.clamp(1e-3, 1 - 1e-3)
        peak = rise / (rise + fall)
        return torch.exp(rise * torch.log(t / peak) + fall * torch.log((1 - t) / (1 - peak)))

    def line(self, x):
        return self.tilt * x

    def along(self, x):
        return x / self.fissure + 0.5

    def upper(self, x):
        """Same shape as the lower margin where the lids touch."""
        t = self.along(x)
        own = self.arch(t, self.rise, self.fall)
        touch = self.arch(t, self.low_rise, self.low_fall)
        share = ((self.above + self.below) / 4).clamp(0, 1)
        return self.line(x) - self.above * (share * own + (1 - share) * touch)

    def lower(self, x):
        return self.line(x) + self.below * self.arch(self.along(x), self.low_rise, self.low_fall)


def draw_sclera(scene, lids, skin, opening_depth):
    rng, n = scene.rng, scene.count
    white = skin * between(rng, n, 0.75, 1.35) * 0.55 + between(rng, n, 0.18, 0.5)
    t = lids.along(scene.x)
    corners = 1 - between(rng, n, 0.1, 0.75) * (2 * t - 1).abs().clamp(0, 1) ** between(rng, n, 1.2, 3.0)
    shade = 1 - between(rng, n, 0.0, 0.65) * torch.exp(-opening_depth.clamp(min=0) / between(rng, n, 0.6, 2.5))
    caruncle = between(rng, n, 0.0, 0.6) * bell((scene.x - lids.fissure * 0.44) / 1.8)
    return white * corners * shade * (1 - caruncle)


def draw_iris(scene, sclera, iris, skin):
    rng, n = scene.rng, scene.count
    dx, dy = (scene.x - iris['x']) / iris['a'], (scene.y - iris['y']) / iris['b']
    r = torch.sqrt(dx * dx + dy * dy + 1e-6)
    bright = torch.where(dice(rng, n, 0.55), between(rng, n, 0.02, 0.2), between(rng, n, 0.1, 0.5)) * (0.5 + 0.7 * skin)
    angle = torch.atan2(dy, dx)
    fibres = 1 + between(rng, n, 0, 0.2) * torch.sin(angle * torch.randint(5, 24, (n, 1, 1), generator=rng) +
                                                     between(rng, n, 0, 6))
    rim = 1 - between(rng, n, 0.0, 0.7) * torch.exp(-((1 - r) / between(rng, n, 0.08, 0.25)).clamp(min=0))
    centre = 1 + between(rng, n, -0.4, 0.6) * (0.6 - r)
    lit = 1 + between(rng, n, -0.4, 0.5) * dy + between(rng, n, -0.3, 0.3) * dx
    colour = bright * fibres * rim * centre * lit
    pupil_share = between(rng, n, 0.22, 0.62)
    pupil = soft(pupil_share - r, 0.12)
    dark = torch.minimum(between(rng, n, 0.005, 0.1), bright * 0.8)
    colour = colour * (1 - pupil) + dark * pupil
    edge = soft(1 - r, between(rng, n, 0.06, 0.35))
    return sclera * (1 - edge) + colour.clamp(min=0.004) * edge, dx, dy


def add_glints(scene, picture, dx, dy, iris):
    """Lights mirrored by the cornea: small spots near the pupil, now and then a window over half the iris."""
    rng, n = scene.rng, scene.count
    at_x, at_y = spread(rng, n, 0.0, 0.3), spread(rng, n, -0.1, 0.3)
    for k in range(3):
        on = dice(rng, n, (0.75, 0.3, 0.15)[k]).float()
        size_x, size_y = between(rng, n, 0.04, 0.22), between(rng, n, 0.04, 0.22)
        lift = on * between(rng, n, 0.1, 1.3)
        spot = bell((dx - at_x) / size_x) * bell((dy - at_y) / size_y)
        picture = picture + lift * spot
        at_x, at_y = at_x + spread(rng, n, 0.0, 0.35), at_y + spread(rng, n, 0.0, 0.25)
    chosen = dice(rng, n, 0.12).flatten().nonzero().flatten()
    if len(chosen):
        m = len(chosen)
        x, y = dx[chosen] - spread(rng, m, 0, 0.4), dy[chosen] - spread(rng, m, -0.1, 0.35)
        pane = soft(between(rng, m, 0.15, 0.6) - x.abs(), 0.12) * soft(between(rng, m, 0.15, 0.5) - y.abs(), 0.12)
        bars = 1 - dice(rng, m, 0.5).float() * bell((x - spread(rng, m, 0, 0.1)) / 0.06)
        picture[chosen] = picture[chosen] + between(rng, m, 0.05, 0.7) * pane * bars
    return picture


def add_lashes(scene, lids, picture, up, down):
    """Dark fringe along the margins: lashes, their shadow, eyeliner. up/down: mm above/below the opening's margins."""
    rng, n = scene.rng, scene.count
    t = lids.along(scene.x)
    inside = soft(t + between(rng, n, 0.0, 0.2), 0.1) * soft(1.03 - between(rng, n, 0, 0.12) - t, 0.1)
    combs = 1 - between(rng, n, 0, 0.6) * noise(rng, n, (3, 40), (CANVAS_HEIGHT, CANVAS_WIDTH)).clamp(0, 1)
    strength = torch.where(dice(rng, n, 0.8), between(rng, n, 0.25, 0.95), between(rng, n, 0.0, 0.3))
    over, under = between(rng, n, 0.3, 1.5), between(rng, n, 0.3, 1.6)  # mm outside and inside of the margin
    outer_more = 1 + between(rng, n, -0.3, 0.9) * (0.5 - t).clamp(-0.5, 0.7)
    reach = torch.where(up > 0, over * outer_more.clamp(min=0.2), under)
    picture = picture * (1 - strength * combs * inside * bell(up / reach))
    low = torch.where(dice(rng, n, 0.7), between(rng, n, 0.0, 0.4), between(rng, n, 0.2, 0.85))
    reach = torch.where(down > 0, between(rng, n, 0.3, 1.4), between(rng, n, 0.2, 0.7))
    picture = picture * (1 - low * combs * inside * bell(down / reach))
    picture = picture * (1 - hanging_lashes(scene, lids, up) * inside)
    wet = dice(rng, n, 0.35).float() * between(rng, n, 0.0, 0.35)
    return picture + wet * inside * bell((down - 0.5) / 0.4) * (up < 0)


def hanging_lashes(scene, lids, up):
    """Single lashes, up from an open lid, down over the eye from a lowered one: how much light they take."""
    rng, n = scene.rng, scene.count
    lowered = lids.above < between(rng, n, 1.0, 4.5)
    out = torch.where(lowered, -up, up)  # mm away from the margin, in the lashes' direction
    length = between(rng, n, 1.5, 7.0) * (0.6 + 0.8 * (0.5 - lids.along(scene.x)).clamp(-0.3, 0.6))
    lean = (scene.x - between(rng, n, -3, 5)) * between(rng, n, 0.0, 0.05) + spread(rng, n, 0, 0.2)
    root = scene.x - lean * out.clamp(min=0)  # lashes fan out from the middle
    comb = torch.sin(root * between(rng, n, 2.5, 7.0) + 1.5 * torch.sin(root * between(rng, n, 0.5, 1.5)))
    strands = (comb * 0.5 + 0.5) ** between(rng, n, 0.5, 3.0)
    has = dice(rng, n, 0.4).float() * between(rng, n, 0.1, 0.8)
    return has * strands * soft(out + 0.3, 0.5) * (1 - out / length.clamp(min=0.5)).clamp(0, 1)


def labels_of(scene, lids, iris, present):
    n = scene.count
    out = torch.zeros(n, LABELS)

    def put(at, x, y):
        u, v = scene.to_px(x, y)
        out[:, at], out[:, at + 1] = u.flatten(), v.flatten()

    seen_y = torch.minimum(torch.maximum(iris['y'], lids.upper(iris['x'])), lids.lower(iris['x']))
    put(IRIS, iris['x'], seen_y)
    out[:, RADIUS] = (iris['a'] * scene.narrow * scene.px_per_mm).flatten()
    half = lids.fissure / 2
    put(INNER, half, lids.line(half))
    put(OUTER, -half, lids.line(-half))
    gap = torch.zeros(n, 1, 1)
    for k in range(LID_POINTS):
        x = ((k + 1) / (LID_POINTS + 1) - 0.5) * lids.fissure
        put(UPPER + 2 * k, x, lids.upper(x))
        put(LOWER + 2 * k, x, lids.lower(x))
        gap = torch.maximum(gap, lids.lower(x) - lids.upper(x))
    out[:, OPENNESS] = (gap / (2 * iris['r'])).clamp(0, 1).flatten()
    out[:, PRESENT] = present.float().flatten()
    return out


def render(seed, index, count=32):
    """Returns pictures (count, CANVAS_HEIGHT, CANVAS_WIDTH), light in 0 .. about 1.5, and label rows."""
    rng = torch.Generator().manual_seed((seed * 1000003 + index) % (2 ** 62))
    scene = Scene(count, rng)
    n = count
    # where the iris looks: angles to the camera decide its shape, to the head its place
    look = torch.where(dice(rng, n, 0.6), spread(rng, n, 0, 0.14), between(rng, n, -0.65, 0.65))
    lift = torch.where(dice(rng, n, 0.6), spread(rng, n, -0.03, 0.12), between(rng, n, -0.5, 0.4))
    turn = (look - scene.yaw * between(rng, n, 0.3, 1.0)).clamp(-0.75, 0.75)
    rest_y = between(rng, n, -2.6, 0.4)
    radius = spread(rng, n, 5.85, 0.22)
    iris = {'x': spread(rng, n, 0.3, 0.7) + 10.5 * torch.sin(turn), 'y': rest_y - 10.5 * torch.sin(lift), 'r': radius,
            'a': radius * torch.cos(look) / scene.narrow, 'b': radius * torch.cos(lift) / scene.flat}
    lids = Lids(scene, iris['y'], rest_y)
    seen_y = torch.minimum(torch.maximum(iris['y'], lids.upper(iris['x'])), lids.lower(iris['x']))
    # one in twelve shows no eye, or one that is out of the crop
    kind = torch.rand(n, 1, 1, generator=rng)
    bare, away = kind < 0.045, (kind > 0.045) & (kind < 0.085)
    way = between(rng, n, -math.pi, math.pi)
    far = (away * torch.cos(way) * between(rng, n, 0.8, 1.1), away * torch.sin(way) * between(rng, n, 0.8, 1.2))
    scene.place(iris['x'], seen_y, far)

    skin = torch.where(dice(rng, n, 0.75), between(rng, n, 0.35, 0.8), between(rng, n, 0.1, 0.4))
    picture = face_parts.draw_skin(scene, lids, skin)
    upper, lower = lids.upper(scene.x), lids.lower(scene.x)
    up, down = upper - scene.y, scene.y - lower
    flesh = picture
    picture = face_parts.add_folds(scene, lids, picture, up, down)
    depth = torch.minimum(-up, -down)
    opening = soft(depth - 0.35, 0.7)
    relief = flesh / skin  # the same light falls on eye and skin
    ball = draw_sclera(scene, lids, skin, -up) * (0.35 + 0.65 * relief)
    ball, dx, dy = draw_iris(scene, ball, iris, skin)
    ball = ball * (1 - between(rng, n, 0, 0.5) * torch.exp(up.clamp(max=0) / between(rng, n, 0.7, 2.2)))
    ball = add_glints(scene, ball, dx, dy, iris)
    picture = picture * (1 - opening) + ball * opening
    picture = add_lashes(scene, lids, picture, up, down)
    picture = torch.where(bare, flesh, picture)
    picture = face_parts.add_brow(scene, lids, picture)
    picture = face_parts.add_background_and_hair(scene, picture)
    picture = face_parts.add_light(scene, picture)
    picture = face_parts.add_glasses(scene, picture)
    picture = face_parts.replace_by_clutter(scene, picture, bare & (kind < 0.03))
    return picture.clamp(min=0.0), labels_of(scene, lids, iris, ~(bare | away))
