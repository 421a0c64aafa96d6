// A picture that the processor made: nothing but a texel for a pixel. What stands in for a graphics
// processor takes four times as long where it asks for each pixel whether the picture has it.

struct Lay {
    // Where the view begins in the picture, and how far it reaches, as parts of the picture.
    begin: vec2f,
    reach: vec2f,
    // The ground, and how opaque the picture is.
    ground: vec3f,
    opacity: f32,
}

// Whether the screen wants linear colours.
override is_linear: bool = false;

@group(0) @binding(0) var<uniform> lay: Lay;
@group(0) @binding(1) var picture: texture_2d<f32>;
@group(0) @binding(2) var picture_sampler: sampler;

struct Corner {
    @builtin(position) at: vec4f,
    @location(0) texel: vec2f,
}

@vertex
fn cover(@builtin(vertex_index) index: u32) -> Corner {
    // One triangle around the whole view: the software that draws it takes a square of pixels that
    // lies in one triangle at once, and the diagonal of two would lie across it.
    let part = vec2f(f32(index & 1u), f32(index >> 1u)) * 2.0;
    let at = vec2f(part.x * 2.0 - 1.0, 1.0 - part.y * 2.0);
    return Corner(vec4f(at, 0.0, 1.0), lay.begin + part * lay.reach);
}

fn finished(color: vec3f) -> vec3f {
    if !is_linear {
        return color;
    }
    let low = color / 12.92;
    let high = pow((color + 0.055) / 1.055, vec3f(2.4));
    return select(high, low, color <= vec3f(0.04045));
}

// One colour: that of the ground.
@fragment
fn plain() -> @location(0) vec4f {
    return vec4f(finished(lay.ground), 1.0);
}

@fragment
fn opaque(corner: Corner) -> @location(0) vec4f {
    return vec4f(finished(textureSampleLevel(picture, picture_sampler, corner.texel, 0.0).rgb), 1.0);
}

// Mixed with what there is.
@fragment
fn faded(corner: Corner) -> @location(0) vec4f {
    let color = textureSampleLevel(picture, picture_sampler, corner.texel, 0.0).rgb;
    return vec4f(finished(color) * lay.opacity, lay.opacity);
}
