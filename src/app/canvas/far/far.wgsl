// Dots and threads: one instance each, shaped on the graphics processor. Positions come on the
// chart, sizes are on screen, in points. What the bits of `look` mean stands in `mod.rs`.

struct Globals {
    // The camera: its place on the chart, its zoom, pixels for a point.
    camera: vec4f,
    // Half of the view in points; opacity of threads; opacity of everything.
    view: vec4f,
    // Largest radius of a plain dot; side of a tile; how far a dot has become a tile; width of a
    // thread.
    sizes: vec4f,
    // Scale of dashes and heads; 1 where dashes show; 1 for a linear target; how much size shows
    // importance.
    signs: vec4f,
    // Radius of a dot for a unit of room; the smallest radius; how far away the chart is; opacity
    // of a thread of which both ends are far out of sight.
    crowd: vec4f,
    // The colours of groups, of their tiles, then: line, marked line, denied, edge, ground,
    // selected.
    hues: array<vec4f, 10>,
    tiles: array<vec4f, 10>,
    inks: array<vec4f, 6>,
}

@group(0) @binding(0) var<uniform> g: Globals;
@group(0) @binding(1) var icons: texture_2d<f32>;
@group(0) @binding(2) var smooth_sampler: sampler;

const LINE = 0u;
const MARKED = 1u;
const DENIED = 2u;
const EDGE = 3u;
const GROUND = 4u;
const SELECT = 5u;
// The radius in pixels below which a dot only gets paler.
const SMALLEST = 0.8;

// From the middle of the view in points to clip space.
fn clip(p: vec2f) -> vec4f {
    return vec4f(p.x / g.view.x, -p.y / g.view.y, 0.0, 1.0);
}

fn on_screen(p: vec2f) -> vec2f {
    return (p - g.camera.xy) * g.camera.z;
}

fn has(look: u32, bit: u32) -> bool {
    return ((look >> bit) & 1u) == 1u;
}

// Colours are those that the screen is told, so that they mix as everything else does.
fn finished(color: vec3f, alpha: f32) -> vec4f {
    if g.signs.z > 0.5 {
        let low = color / 12.92;
        let high = pow((color + 0.055) / 1.055, vec3f(2.4));
        return vec4f(select(high, low, color <= vec3f(0.04045)) * alpha, alpha);
    }
    return vec4f(color * alpha, alpha);
}

struct DotOut {
    @builtin(position) position: vec4f,
    @location(0) at: vec2f,
    @location(1) @interpolate(flat) half_side: f32,
    @location(2) @interpolate(flat) look: u32,
    @location(3) @interpolate(flat) own: vec4f,
}

@vertex
fn dot_vertex(
    @builtin(vertex_index) index: u32,
    @location(0) place: vec2f,
    @location(1) look: u32,
    @location(2) own: vec4f,
) -> DotOut {
    let corner = vec2f(f32(index & 1u) * 2.0 - 1.0, f32(index >> 1u) * 2.0 - 1.0);
    let importance = f32(look >> 24u) / 255.0;
    let room = exp2(f32((look >> 16u) & 255u) / 12.0);
    let plain = max(min(g.sizes.x, room * g.crowd.x), g.crowd.y);
    let half_side = mix(plain * (1.0 + importance * g.signs.w), g.sizes.y * 0.5, g.sizes.z);
    let at = corner * (max(half_side, SMALLEST / g.camera.w) + 1.0);
    var out: DotOut;
    out.position = clip(on_screen(place) + at);
    out.at = at;
    out.half_side = half_side;
    out.look = look;
    out.own = own;
    return out;
}

@fragment
fn dot_fragment(in: DotOut) -> @location(0) vec4f {
    let morph = g.sizes.z;
    let group = in.look & 15u;
    let shown = max(in.half_side, SMALLEST / g.camera.w);
    let radius = shown * mix(1.0, 0.48, morph);
    let d = abs(in.at) - vec2f(shown - radius);
    let distance = length(max(d, vec2f(0.0))) + min(max(d.x, d.y), 0.0) - radius;
    let pixel = 1.0 / g.camera.w;
    var hue = g.hues[group].rgb;
    if in.own.a > 0.0 {
        hue = in.own.rgb;
    }
    let marked = has(in.look, 12u) || has(in.look, 15u);
    // A group is a ring around a dot.
    let ringed = has(in.look, 11u) && in.half_side > 2.5;
    var inner = mix(hue, g.tiles[group].rgb, morph);
    if in.own.a > 0.0 {
        inner = mix(hue, mix(g.inks[GROUND].rgb, hue, 0.25), morph);
    }
    var edge = mix(mix(hue, g.inks[GROUND].rgb, 0.35), g.inks[EDGE].rgb, morph);
    var width = mix(0.7, 1.2, morph);
    if in.half_side < 2.2 {
        edge = hue;
    }
    if ringed {
        edge = hue;
        width = 1.6;
    }
    if has(in.look, 14u) {
        edge = g.inks[DENIED].rgb;
    }
    if marked {
        inner = mix(g.inks[SELECT].rgb, inner, morph);
        edge = g.inks[SELECT].rgb;
        width = 2.4;
    }
    let paler = in.half_side / shown;
    let covered = clamp(0.5 - distance / pixel, 0.0, 1.0) * paler * paler;
    let border = clamp(0.5 + (distance + width) / pixel, 0.0, 1.0);
    var color = mix(inner, edge, border);
    if ringed {
        let gap = clamp(1.5 - abs(distance + width + 1.6) / pixel, 0.0, 1.0);
        color = mix(color, g.inks[GROUND].rgb, gap);
    }
    // The icon fades in while the dot becomes a tile.
    let cell = (in.look >> 4u) & 63u;
    let side = in.half_side * 1.36;
    let within = in.at / side * 0.5 + 0.5;
    let uv = (vec2f(f32(cell & 7u), f32(cell >> 3u)) + clamp(within, vec2f(0.0), vec2f(1.0))) / 8.0;
    let ink = textureSampleLevel(icons, smooth_sampler, uv, 0.0).r * morph * (1.0 - border);
    color = mix(color, hue, ink);
    let faint = select(1.0, 0.28, has(in.look, 13u));
    return finished(color, covered * faint * g.view.w);
}

struct ThreadOut {
    @builtin(position) position: vec4f,
    // Across, and along from the beginning, in points.
    @location(0) way: vec2f,
    @location(1) @interpolate(flat) look: u32,
    @location(2) @interpolate(flat) half_width: f32,
    @location(3) @interpolate(flat) opacity: f32,
}

struct Curve {
    a: vec2f,
    b: vec2f,
    c: vec2f,
    d: vec2f,
}

fn curve_of(ends: vec4f, spread: f32, look: u32) -> Curve {
    var out: Curve;
    out.a = on_screen(ends.xy);
    out.d = on_screen(ends.zw);
    if has(look, 8u) {
        let side = (70.0 + abs(spread) * 18.0) * g.camera.z;
        out.b = out.a + vec2f(-0.4, -1.4) * side;
        out.c = out.a + vec2f(1.4, -1.4) * side;
        return out;
    }
    let chart = max(distance(ends.xy, ends.zw), 1.0);
    let gap = clamp(chart * 0.16, 22.0, 46.0) * g.camera.z;
    let way = (out.d - out.a) / (chart * g.camera.z);
    let off = vec2f(-way.y, way.x) * spread * gap * 4.0 / 3.0;
    out.b = mix(out.a, out.d, 0.3) + off;
    out.c = mix(out.a, out.d, 0.7) + off;
    return out;
}

fn point_of(c: Curve, t: f32) -> vec2f {
    let u = 1.0 - t;
    return c.a * (u * u * u) + c.b * (3.0 * u * u * t) + c.c * (3.0 * u * t * t) + c.d * (t * t * t);
}

fn heading_of(c: Curve, t: f32) -> vec2f {
    let u = 1.0 - t;
    let v = (c.b - c.a) * (u * u) + (c.c - c.b) * (2.0 * u * t) + (c.d - c.c) * (t * t);
    return v / max(length(v), 1e-4);
}

fn half_width_of(look: u32) -> f32 {
    let own = select(1.0, 0.6, has(look, 9u));
    let strong = select(own, 1.75, has(look, 5u)) + select(0.0, 1.0, has(look, 7u));
    return g.sizes.w * 0.5 * strong;
}

fn thread_at(index: u32, steps: f32, ends: vec4f, spread: f32, look: u32) -> ThreadOut {
    let c = curve_of(ends, spread, look);
    let t = f32(index >> 1u) / steps;
    let side = f32(index & 1u) * 2.0 - 1.0;
    let half_width = half_width_of(look);
    let reach = half_width + 1.0;
    let heading = heading_of(c, t);
    let at = point_of(c, t) + vec2f(-heading.y, heading.x) * side * reach;
    var out: ThreadOut;
    out.position = clip(at);
    out.way = vec2f(side * reach, t * distance(c.a, c.d));
    out.look = look;
    out.half_width = half_width;
    out.opacity = opacity_of(look, c);
    return out;
}

@vertex
fn straight_vertex(
    @builtin(vertex_index) index: u32,
    @location(0) ends: vec4f,
    @location(1) spread: f32,
    @location(2) look: u32,
) -> ThreadOut {
    return thread_at(index, 1.0, ends, 0.0, look);
}

@vertex
fn curved_vertex(
    @builtin(vertex_index) index: u32,
    @location(0) ends: vec4f,
    @location(1) spread: f32,
    @location(2) look: u32,
) -> ThreadOut {
    return thread_at(index, 12.0, ends, spread, look);
}

fn ink_of(look: u32) -> vec3f {
    if has(look, 5u) || has(look, 7u) {
        return g.inks[MARKED].rgb;
    }
    if has(look, 4u) {
        return g.inks[DENIED].rgb;
    }
    return g.inks[LINE].rgb;
}

// How far a place lies out of sight.
fn outside(p: vec2f) -> f32 {
    let d = abs(p) - g.view.xy;
    return max(d.x, d.y);
}

fn opacity_of(look: u32, c: Curve) -> f32 {
    if has(look, 5u) || has(look, 7u) {
        return g.view.w;
    }
    let share = mix(1.0, f32(look >> 24u) / 255.0, g.crowd.z);
    let nearer = min(outside(c.a), outside(c.d));
    let seen = mix(1.0, g.crowd.w, smoothstep(10.0, 160.0, nearer));
    return select(1.0, 0.28, has(look, 6u)) * share * seen * g.view.z * g.view.w;
}

@fragment
fn thread_fragment(in: ThreadOut) -> @location(0) vec4f {
    let pixel = 1.0 / g.camera.w;
    let across = abs(in.way.x);
    // Thinner than a pixel is paler than a pixel.
    let covered = clamp((in.half_width - across) / pixel + 0.5, 0.0, min(1.0, in.half_width * 2.0 / pixel));
    var alpha = covered;
    let strength = in.look & 3u;
    if g.signs.y > 0.5 {
        var on = 1.0;
        var off = 0.0;
        if strength == 1u { on = 8.0; off = 5.0; }
        if strength == 2u { on = 2.0; off = 4.5; }
        let period = (on + off) * g.signs.x;
        let within = fract(in.way.y / period) * period;
        let dash = on * g.signs.x;
        let begun = clamp(within / pixel + 0.5, 0.0, 1.0);
        let ended = clamp((dash - within) / pixel + 0.5, 0.0, 1.0);
        alpha *= select(min(begun, ended), 1.0, off == 0.0);
    } else {
        alpha *= select(select(0.7, 0.85, strength == 1u), 1.0, strength == 0u);
    }
    return finished(ink_of(in.look), alpha * in.opacity);
}

// Heads of arrows and the crosses of what is denied: 18 corners for a thread, most of them
// folded away.
@vertex
fn sign_vertex(
    @builtin(vertex_index) index: u32,
    @location(0) ends: vec4f,
    @location(1) spread: f32,
    @location(2) look: u32,
) -> ThreadOut {
    let c = curve_of(ends, spread, look);
    var out: ThreadOut;
    out.position = vec4f(2.0, 2.0, 0.0, 1.0);
    out.way = vec2f(0.0);
    out.look = look & ~3u;
    out.half_width = 4.0;
    out.opacity = opacity_of(look, c);
    let size = 10.0 * g.signs.x;
    let clear = mix(g.sizes.x * 1.5, g.sizes.y * 0.62, g.sizes.z) + 1.0;
    let chord = max(distance(c.a, c.d), 1e-3);
    if index < 6u {
        let at_end = index < 3u;
        let wanted = select(has(look, 3u), has(look, 2u), at_end);
        if !wanted || chord < clear * 2.0 + size {
            return out;
        }
        let t = select(clear / chord, 1.0 - clear / chord, at_end);
        let tip = point_of(c, t);
        let heading = heading_of(c, t) * select(-1.0, 1.0, at_end);
        let side = vec2f(-heading.y, heading.x) * size * 0.42;
        let corner = index % 3u;
        var at = tip;
        if corner == 1u { at = tip - heading * size + side; }
        if corner == 2u { at = tip - heading * size - side; }
        out.position = clip(at);
        return out;
    }
    if !has(look, 4u) {
        return out;
    }
    let stroke = (index - 6u) / 6u;
    let part = (index - 6u) % 6u;
    let way = normalize(select(vec2f(1.0, -1.0), vec2f(1.0, 1.0), stroke == 0u));
    let side = vec2f(-way.y, way.x) * 1.1 * g.signs.x;
    let arm = way * 7.0 * g.signs.x;
    let middle = point_of(c, 0.3);
    let forward = select(-1.0, 1.0, part == 1u || part == 2u || part == 4u);
    let left = select(-1.0, 1.0, part == 2u || part == 4u || part == 5u);
    out.position = clip(middle + arm * forward + side * left);
    return out;
}

@fragment
fn sign_fragment(in: ThreadOut) -> @location(0) vec4f {
    return finished(ink_of(in.look), in.opacity);
}
