"""What surrounds the eye in the pictures: skin and its folds, brow, hair, light, glasses, clutter without a face."""
import torch

from drawing import between, bell, dice, noise, soft, spread


def shape_of(scene):
    return scene.u.shape[1], scene.u.shape[2]


def draw_skin(scene, lids, skin):
    """Skin with the hollows of the eye's socket and the side of the nose."""
    rng, n = scene.rng, scene.count
    x, y, shape = scene.x, scene.y, shape_of(scene)
    shade = 1 + between(rng, n, 0, 0.18) * noise(rng, n, (3, 4), shape)
    shade = shade + between(rng, n, 0, 0.10) * noise(rng, n, (9, 13), shape)
    shade = shade + between(rng, n, 0, 0.06) * noise(rng, n, (30, 44), shape)
    inner = bell((x - between(rng, n, 14, 21)) / between(rng, n, 3.5, 8)) * bell(
        (y - between(rng, n, -9, 2)) / between(rng, n, 4, 11))
    shade = shade * (1 - between(rng, n, 0.0, 0.65) * inner)
    hollow = bell((x - between(rng, n, -6, 6)) / between(rng, n, 10, 18)) * bell(
        (y + between(rng, n, 5, 12)) / between(rng, n, 2.5, 5))
    shade = shade * (1 + between(rng, n, -0.5, 0.25) * hollow)
    around = bell(x / between(rng, n, 12, 18)) * bell(y / between(rng, n, 6, 11))
    shade = shade * (1 - between(rng, n, -0.1, 0.4) * around)
    edge = between(rng, n, 19, 29)  # of the nose's bridge
    nose = soft(x - edge - between(rng, n, -0.2, 0.3) * y, between(rng, n, 3, 10))
    shade = shade * (1 + between(rng, n, -0.5, 0.5) * nose)
    return skin * shade.clamp(min=0.08)


def add_folds(scene, lids, picture, up, down):
    """Crease of the upper lid, bag under the lower one, crow's feet, eye shadow. up/down: mm beyond the margins."""
    rng, n = scene.rng, scene.count
    x, y = scene.x, scene.y
    t = lids.along(x)
    closed = 1 - lids.open.clamp(0, 1)
    # crease: an arch over the lid that ends beyond the corners
    te = (t + between(rng, n, 0.0, 0.2)) / (1.0 + between(rng, n, 0.05, 0.3))
    height = between(rng, n, 1.2, 6.5) + closed * between(rng, n, 1, 6)
    away = lids.line(x) - (lids.above + height) * lids.arch(te, lids.rise * 0.8, lids.fall * 0.8) - y
    crease = torch.where(away > 0, bell(away / between(rng, n, 0.4, 2.5)), bell(away / between(rng, n, 0.4, 1.2)))
    inside = soft(te - 0.02, 0.15) * soft(0.98 - te, 0.15)
    has = dice(rng, n, 0.85).float()
    picture = picture * (1 - has * between(rng, n, 0.05, 0.75) * crease * inside)
    lid = soft(away + 0.3, 0.8).neg().add(1) * soft(up, 0.6) * inside  # between margin and crease
    picture = picture * (1 + between(rng, n, -0.3, 0.35) * lid)
    painted = torch.where(dice(rng, n, 0.15), between(rng, n, 0.15, 0.7), torch.zeros(n, 1, 1))
    picture = picture * (1 - painted * inside * soft(up, 0.6) * torch.exp(-up.clamp(min=0) / between(rng, n, 2, 7)))
    # bag: a shaded arch below, a lighter roll above it
    depth = between(rng, n, 3, 10)
    off = y - lids.line(x) - (lids.below + depth) * lids.arch(t * 0.9 + 0.05, lids.low_rise, lids.low_fall)
    bag = bell(off / between(rng, n, 0.5, 2.5)) * soft(t, 0.3) * soft(1.05 - t, 0.3)
    picture = picture * (1 - between(rng, n, 0.0, 0.35) * bag)
    roll = bell((off + depth * 0.6) / (depth * 0.3)) * soft(t, 0.3) * soft(1 - t, 0.3)
    picture = picture * (1 + between(rng, n, -0.1, 0.25) * roll)
    # lines beyond the corners: the outer continues the lid, the inner runs down along the nose
    for _ in range(2):
        chosen = dice(rng, n, 0.4).flatten().nonzero().flatten()
        m = len(chosen)
        if m:
            px, py = x[chosen], y[chosen]
            slope = spread(rng, m, 0, 0.45)
            run = -(px + lids.fissure[chosen] / 2 - between(rng, m, -2, 3))
            line = bell((py + slope * run - spread(rng, m, 0, 2)) / between(rng, m, 0.3, 0.8))
            line = line * soft(run, 2) * soft(between(rng, m, 3, 12) - run, 3)
            picture[chosen] = picture[chosen] * (1 - between(rng, m, 0.05, 0.5) * line)
    return picture


def add_brow(scene, lids, picture):
    rng, n = scene.rng, scene.count
    x, y = scene.x, scene.y
    over = torch.where(dice(rng, n, 0.7), between(rng, n, 14, 23), between(rng, n, 8.5, 16)) + (
        lids.above - 5).clamp(-1, 3) * 0.4
    start, end = between(rng, n, 9, 19), between(rng, n, -32, -20)
    t = ((start - x) / (start - end))  # 0 at the nose, 1 at the temple
    arch = between(rng, n, 0, 6) * (1 - (2 * t - 1.1) ** 2) + between(rng, n, -6, 5) * (t - 0.5)
    half = between(rng, n, 1.5, 5.5) * (1.1 - between(rng, n, 0.2, 0.8) * t.clamp(0, 1))
    away = (y + over + arch).abs()
    strands = 1 + between(rng, n, 0.0, 0.4) * noise(rng, n, (40, 60), shape_of(scene))
    body = soft(half - away, between(rng, n, 1.0, 3.5)) * soft(t, 0.15) * soft(1 - t, 0.3) * strands
    dark = torch.where(dice(rng, n, 0.75), between(rng, n, 0.25, 0.95), between(rng, n, 0.0, 0.3))
    picture = picture * (1 - (dark * body).clamp(0, 0.97))
    hood = soft(-(y + over + arch), between(rng, n, 3, 9)).neg().add(1)  # under the brow's bone
    below = bell((y + over + arch - half) / between(rng, n, 2, 6))
    return picture * (1 + between(rng, n, -0.35, 0.2) * below * hood)


def add_background_and_hair(scene, picture):
    """What lies beyond the temple, and strands or a fringe over the face."""
    rng, n = scene.rng, scene.count
    x, y, shape = scene.x, scene.y, shape_of(scene)
    chosen = dice(rng, n, 0.3).flatten().nonzero().flatten()
    m = len(chosen)
    if m:
        edge = -between(rng, m, 22, 42) + between(rng, m, -0.3, 0.3) * y[chosen] + 0.03 * y[chosen] ** 2 * between(
            rng, m, -0.2, 0.6)
        beyond = soft(edge - x[chosen], between(rng, m, 0.8, 4))
        other = between(rng, m, 0.0, 1.0) ** 1.5 * (1 + 0.5 * noise(rng, m, (4, 30), shape))
        picture[chosen] = picture[chosen] * (1 - beyond) + other * beyond
    chosen = dice(rng, n, 0.12).flatten().nonzero().flatten()
    m = len(chosen)
    if m:
        line = -between(rng, m, 10, 26) + between(rng, m, -0.6, 0.6) * x[chosen] + between(rng, m, 0, 6) * noise(
            rng, m, (2, 12), shape)
        cover = soft(line - y[chosen], between(rng, m, 1, 6)) * between(rng, m, 0.4, 1)
        hair = between(rng, m, 0.01, 0.5) * (1 + 0.6 * noise(rng, m, (3, 40), shape))
        picture[chosen] = picture[chosen] * (1 - cover) + hair * cover
    for _ in range(2):
        chosen = dice(rng, n, 0.07).flatten().nonzero().flatten()
        m = len(chosen)
        if m:
            way = between(rng, m, -1.2, 1.2)
            off = (torch.cos(way) * (x[chosen] - between(rng, m, -28, 22)) + torch.sin(way) * y[chosen] +
                   between(rng, m, -0.02, 0.02) * y[chosen] ** 2)
            strand = bell(off / between(rng, m, 0.3, 1.6)) * between(rng, m, 0.2, 0.9)
            picture[chosen] = picture[chosen] * (1 - strand) + between(rng, m, 0.0, 0.6) * strand
    return picture


def add_light(scene, picture):
    """Light from a side, and shadows with an edge (of nose, brow, hair, a window's bar)."""
    rng, n = scene.rng, scene.count
    x, y = scene.x, scene.y
    strength = torch.where(dice(rng, n, 0.6), between(rng, n, 0, 0.35), between(rng, n, 0.2, 0.95))
    way = between(rng, n, -3.2, 3.2)
    ramp = (torch.cos(way) * x / 30 + torch.sin(way) * y / 24).clamp(-1.3, 1.3)
    picture = picture * (1 + strength * ramp).clamp(min=0.06)
    chosen = dice(rng, n, 0.22).flatten().nonzero().flatten()
    m = len(chosen)
    if m:
        way = between(rng, m, -3.2, 3.2)
        off = torch.cos(way) * x[chosen] + torch.sin(way) * y[chosen] + between(rng, m, -22, 14) + between(
            rng, m, -0.03, 0.03) * y[chosen] ** 2
        picture[chosen] = picture[chosen] * (1 - between(rng, m, 0.15, 0.8) * soft(off, between(rng, m, 0.8, 12)))
    return picture


def add_glasses(scene, picture):
    """Frame, its shadow, tinted or mirroring lenses."""
    rng, shape = scene.rng, shape_of(scene)
    chosen = dice(rng, scene.count, 0.4).flatten().nonzero().flatten()
    m = len(chosen)
    if m == 0:
        return picture
    x, y, face = scene.x[chosen], scene.y[chosen], picture[chosen]
    lean = spread(rng, m, 0, 0.05)
    cx, cy = spread(rng, m, -0.5, 3.0), spread(rng, m, 2.0, 3.5)
    gx, gy = x - cx, y - cy + lean * x
    a, b = between(rng, m, 19, 29), between(rng, m, 11, 23)
    power = torch.exp(between(rng, m, 0.6, 1.9))  # 2 is an oval, more is squarer
    r = ((gx.abs() / a + 1e-4) ** power + (gy.abs() / b + 1e-4) ** power + 1e-6) ** (1 / power)
    rim = (r - 1) * torch.minimum(a, b)  # about mm outside of the lens
    lens = soft(-rim, 1.0)
    tint = torch.where(dice(rng, m, 0.25), between(rng, m, 0.35, 0.9), torch.ones(m, 1, 1))
    face = face * (1 - lens + lens * tint)
    # what the lens mirrors: a veil, broken bright patches, a window with bars
    veil = torch.where(dice(rng, m, 0.35), between(rng, m, 0, 0.4), torch.zeros(m, 1, 1))
    face = face + lens * veil * (1 + 0.8 * noise(rng, m, (3, 4), shape)).clamp(min=0)
    for k in range(4):
        on = dice(rng, m, (0.5, 0.4, 0.3, 0.25)[k]).float() * between(rng, m, 0.1, 1.5)
        px, py = spread(rng, m, 0, 9), spread(rng, m, -3, 7)
        sx, sy = torch.exp(between(rng, m, -0.2, 1.9)), torch.exp(between(rng, m, -0.2, 1.9))
        slant, blurred = between(rng, m, -0.6, 0.6), torch.exp(between(rng, m, -0.5, 1.8))
        qx, qy = gx - px + slant * gy, gy - py
        patch = soft(sx - qx.abs(), blurred) * soft(sy - qy.abs(), blurred)
        broken = (0.5 + between(rng, m, 0, 2.0) * noise(rng, m, (12, 20), shape)).clamp(0, 1)
        face = face + on * patch * broken * soft(-rim, 1.0)
    specks = noise(rng, m, (14, 22), shape) - between(rng, m, 0.2, 0.8)  # lamps in rows over the upper half
    speckled = dice(rng, m, 0.45).float() * between(rng, m, 1.0, 6.0)
    speckled = speckled * bell((gy - spread(rng, m, -4, 4)) / between(rng, m, 2, 6))
    speckled = speckled * bell((gx - spread(rng, m, 0, 6)) / between(rng, m, 5, 16))
    face = face + lens * specks.clamp(min=0) * speckled
    # frame
    thick = torch.where(dice(rng, m, 0.6), between(rng, m, 0.35, 1.1), between(rng, m, 0.8, 3.5))
    low = torch.where(dice(rng, m, 0.2), soft(-gy, 4.0), torch.ones(m, 1, 1))  # rim above only
    has = (~dice(rng, m, 0.08)).float()
    shadow = bell((rim - between(rng, m, 1, 3)) / between(rng, m, 0.8, 2)) * between(rng, m, 0, 0.4) * has
    face = face * (1 - shadow)
    frame = soft(thick / 2 - rim.abs(), 0.6)
    bridge = (gy + between(rng, m, -2, 9) + 0.02 * (x - 30) ** 2).abs()
    bridge = soft(thick / 2 + 0.3 - bridge, 0.6) * soft(gx - a + 1, 1)
    arm = soft(thick / 2 + 0.3 - (gy + between(rng, m, -1, 8)).abs(), 0.6) * soft(-gx - a + 1, 1)
    pad = between(rng, m, 0, 0.8) * bell((gx - a + 1) / 2)
    pad = pad * bell((gy - between(rng, m, 2, 8)) / between(rng, m, 1.5, 4))
    cover = (torch.maximum(torch.maximum(frame, bridge), arm) * low + pad).clamp(0, 1) * has * between(rng, m, 0.4, 1)
    colour = torch.where(dice(rng, m, 0.7), between(rng, m, 0.01, 0.25), between(rng, m, 0.2, 0.9))
    shine = between(rng, m, 0, 1.2) * noise(rng, m, (7, 9), shape).clamp(0.2, 1).sub(0.2)
    face = face * (1 - cover) + (colour + shine) * cover
    out = picture.clone()
    out[chosen] = face
    return out


def replace_by_clutter(scene, picture, where):
    """Pictures of no face at all: blots, bars, dark holes (nostrils, mouths, buttons) on something smooth."""
    rng = scene.rng
    chosen = where.flatten().nonzero().flatten()
    m = len(chosen)
    if m == 0:
        return picture
    u, v, shape = scene.u, scene.v, shape_of(scene)
    clutter = between(rng, m, 0.1, 0.9) * (1 + 0.5 * noise(rng, m, (3, 4), shape) + between(rng, m, 0, 0.6) * noise(
        rng, m, (12, 18), shape))
    for _ in range(4):
        cx, cy, way = between(rng, m, 0, shape[1]), between(rng, m, 0, shape[0]), between(rng, m, -3.2, 3.2)
        du, dv = u - cx, v - cy
        qx, qy = torch.cos(way) * du + torch.sin(way) * dv, torch.cos(way) * dv - torch.sin(way) * du
        sx, sy = torch.exp(between(rng, m, 0.7, 3.7)), torch.exp(between(rng, m, 0.7, 2.5))
        box = dice(rng, m, 0.4).float()
        r = torch.sqrt((qx / sx) ** 2 + (qy / sy) ** 2)
        blot = box * soft(sx - qx.abs(), 2) * soft(sy - qy.abs(), 2) + (1 - box) * soft(1 - r, 0.3)
        cover = blot * between(rng, m, 0.2, 1)
        clutter = clutter * (1 - cover) + between(rng, m, 0, 1) * cover
    out = picture.clone()
    out[chosen] = clutter
    return out
