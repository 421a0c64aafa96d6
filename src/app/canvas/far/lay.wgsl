// A picture that the processor made, laid over the ground: nothing but a texel for a pixel.

struct Lay {
    // Where the picture's corner is in pixels; its pixels for one of the screen; opacity.
    corner: vec2f,
    step: f32,
    opacity: f32,
    ground: vec4f,
    // The size of the picture in pixels; 1 for a linear target.
    size: vec2f,
    linear: f32,
    unused: f32,
}

@group(0) @binding(0) var<uniform> lay: Lay;
@group(0) @binding(1) var picture: texture_2d<f32>;
@group(0) @binding(2) var smooth_sampler: sampler;

@vertex
fn cover(@builtin(vertex_index) index: u32) -> @builtin(position) vec4f {
    return vec4f(f32(index & 1u) * 2.0 - 1.0, f32(index >> 1u) * 2.0 - 1.0, 0.0, 1.0);
}

fn ink(at: vec2f) -> vec4f {
    let p = (at - lay.corner) * lay.step;
    if any(p < vec2f(0.0)) || any(p >= lay.size) {
        return vec4f(0.0);
    }
    if lay.step == 1.0 {
        return textureLoad(picture, vec2i(p), 0);
    }
    return textureSampleLevel(picture, smooth_sampler, p / lay.size, 0.0);
}

fn finished(color: vec3f) -> vec3f {
    if lay.linear < 0.5 {
        return color;
    }
    let low = color / 12.92;
    let high = pow((color + 0.055) / 1.055, vec3f(2.4));
    return select(high, low, color <= vec3f(0.04045));
}

// One colour: that of the ground.
@fragment
fn plain() -> @location(0) vec4f {
    return vec4f(finished(lay.ground.rgb), 1.0);
}

// With the ground, over whatever there is.
@fragment
fn opaque(@builtin(position) at: vec4f) -> @location(0) vec4f {
    let ink = ink(at.xy);
    return vec4f(finished(ink.rgb + lay.ground.rgb * (1.0 - ink.a)), 1.0);
}

// Without the ground, mixed with what there is.
@fragment
fn faded(@builtin(position) at: vec4f) -> @location(0) vec4f {
    let ink = ink(at.xy);
    return vec4f(finished(ink.rgb / max(ink.a, 1e-3)) * ink.a, ink.a) * lay.opacity;
}
