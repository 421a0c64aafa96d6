//! Lays a picture that the processor made, where a program stands in for a graphics processor:
//! egui's own shader takes ten times as long for every pixel there.

use std::sync::Arc;

use eframe::egui_wgpu::{self, wgpu};
use egui::{ColorImage, Rect, Vec2, pos2};

/// What the renderer keeps from frame to frame.
pub(in crate::app::canvas) struct Resources {
    opaque: wgpu::RenderPipeline,
    faded: wgpu::RenderPipeline,
    plain: wgpu::RenderPipeline,
    /// The values of a fill, and what binds them.
    fill: (wgpu::Buffer, wgpu::BindGroup),
    layout: wgpu::BindGroupLayout,
    samplers: [wgpu::Sampler; 2],
    /// By slot: the values, and the picture.
    slots: [(wgpu::Buffer, Option<Held>); 2],
}

/// A picture that the graphics have.
struct Held {
    texture: wgpu::Texture,
    /// What binds it where its pixels are those of the window, and where it is stretched.
    bindings: [wgpu::BindGroup; 2],
    /// See [`Callback::number`].
    number: u64,
}

/// Which of the pictures that may be on screen at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app::canvas) enum Slot {
    Far,
    Near,
}

/// A picture and where it is laid.
pub(in crate::app::canvas) struct Callback {
    pub slot: Slot,
    pub picture: Arc<ColorImage>,
    /// Tells one picture from every other.
    pub number: u64,
    /// The view and the picture, in pixels of the window.
    pub view: Rect,
    pub place: Rect,
    pub ground: [f32; 3],
    /// Around a picture that does not fill the view, the ground is laid where this is 1.
    pub opacity: f32,
}

impl Callback {
    /// Whether each pixel of the picture is one of the window.
    fn is_exact(&self) -> bool {
        let [width, height] = self.picture.size.map(|side| side as f32);
        let off = self.place.size() - Vec2::new(width, height);
        off.abs().max_elem() < 0.01
    }

    /// The part of what is clipped to that the picture fills, in whole pixels: left, top, width,
    /// height.
    fn filled(&self, info: &egui::PaintCallbackInfo) -> Option<[u32; 4]> {
        let clip = info.clip_rect_in_pixels();
        let [left, top, width, height] =
            [clip.left_px, clip.top_px, clip.width_px, clip.height_px].map(|v| v as f32);
        let clip = Rect::from_min_size(pos2(left, top), Vec2::new(width, height));
        let part = self.place.intersect(clip);
        let (min, max) = (part.min.round(), part.max.round());
        let size = max - min;
        (size.min_elem() >= 1.0).then(|| [min.x, min.y, size.x, size.y].map(|v| v as u32))
    }
}

impl egui_wgpu::CallbackTrait for Callback {
    fn prepare(
        &self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        _: &egui_wgpu::ScreenDescriptor,
        _: &mut wgpu::CommandEncoder,
        resources: &mut egui_wgpu::CallbackResources,
    ) -> Vec<wgpu::CommandBuffer> {
        if let Some(resources) = resources.get_mut::<Resources>() {
            resources.upload(device, queue, self);
        }
        Vec::new()
    }

    fn paint(
        &self,
        info: egui::PaintCallbackInfo,
        pass: &mut wgpu::RenderPass<'static>,
        resources: &egui_wgpu::CallbackResources,
    ) {
        let Some(resources) = resources.get::<Resources>() else { return };
        let (_, Some(held)) = &resources.slots[self.slot as usize] else { return };
        let [exact, stretched] = &held.bindings;
        pass.set_bind_group(0, if self.is_exact() { exact } else { stretched }, &[]);
        let is_opaque = self.opacity >= 1.0;
        if is_opaque && !self.place.contains_rect(self.view) {
            pass.set_pipeline(&resources.plain);
            pass.draw(0..3, 0..1);
        }
        if let Some([left, top, width, height]) = self.filled(&info) {
            pass.set_scissor_rect(left, top, width, height);
            pass.set_pipeline(if is_opaque { &resources.opaque } else { &resources.faded });
            pass.draw(0..3, 0..1);
        }
    }
}

/// One colour.
pub(in crate::app::canvas) struct Fill {
    pub color: [f32; 3],
}

impl egui_wgpu::CallbackTrait for Fill {
    fn prepare(
        &self,
        _: &wgpu::Device,
        queue: &wgpu::Queue,
        _: &egui_wgpu::ScreenDescriptor,
        _: &mut wgpu::CommandEncoder,
        resources: &mut egui_wgpu::CallbackResources,
    ) -> Vec<wgpu::CommandBuffer> {
        if let Some(resources) = resources.get::<Resources>() {
            let values = values_of([0.0; 4], self.color, 1.0);
            queue.write_buffer(&resources.fill.0, 0, bytemuck::cast_slice(&values));
        }
        Vec::new()
    }

    fn paint(
        &self,
        _: egui::PaintCallbackInfo,
        pass: &mut wgpu::RenderPass<'static>,
        resources: &egui_wgpu::CallbackResources,
    ) {
        let Some(resources) = resources.get::<Resources>() else { return };
        pass.set_pipeline(&resources.plain);
        pass.set_bind_group(0, &resources.fill.1, &[]);
        pass.draw(0..3, 0..1);
    }
}

impl Resources {
    pub(in crate::app::canvas) fn new(device: &wgpu::Device, format: wgpu::TextureFormat) -> Self {
        let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some("lay"),
            source: wgpu::ShaderSource::Wgsl(include_str!("lay.wgsl").into()),
        });
        let entry = |binding, ty| wgpu::BindGroupLayoutEntry {
            binding,
            visibility: wgpu::ShaderStages::VERTEX_FRAGMENT,
            ty,
            count: None,
        };
        let uniform = wgpu::BindingType::Buffer {
            ty: wgpu::BufferBindingType::Uniform,
            has_dynamic_offset: false,
            min_binding_size: None,
        };
        let texture = wgpu::BindingType::Texture {
            sample_type: wgpu::TextureSampleType::Float { filterable: true },
            view_dimension: wgpu::TextureViewDimension::D2,
            multisampled: false,
        };
        let filtering = wgpu::BindingType::Sampler(wgpu::SamplerBindingType::Filtering);
        let layout = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some("lay"),
            entries: &[entry(0, uniform), entry(1, texture), entry(2, filtering)],
        });
        let pipelines = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some("lay"),
            bind_group_layouts: &[Some(&layout)],
            immediate_size: 0,
        });
        let constants = [("is_linear", f64::from(u8::from(format.is_srgb())))];
        let pipeline = |fragment, blend| {
            device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
                label: Some("lay"),
                layout: Some(&pipelines),
                vertex: wgpu::VertexState {
                    module: &module,
                    entry_point: Some("cover"),
                    compilation_options: wgpu::PipelineCompilationOptions::default(),
                    buffers: &[],
                },
                primitive: wgpu::PrimitiveState::default(),
                depth_stencil: None,
                multisample: wgpu::MultisampleState::default(),
                fragment: Some(wgpu::FragmentState {
                    module: &module,
                    entry_point: Some(fragment),
                    compilation_options: wgpu::PipelineCompilationOptions {
                        constants: &constants,
                        ..wgpu::PipelineCompilationOptions::default()
                    },
                    targets: &[Some(wgpu::ColorTargetState {
                        format,
                        blend,
                        write_mask: wgpu::ColorWrites::ALL,
                    })],
                }),
                multiview_mask: None,
                cache: None,
            })
        };
        let values = || {
            device.create_buffer(&wgpu::BufferDescriptor {
                label: Some("lay"),
                size: 32,
                usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
                mapped_at_creation: false,
            })
        };
        let samplers = [wgpu::FilterMode::Nearest, wgpu::FilterMode::Linear].map(|filter| {
            device.create_sampler(&wgpu::SamplerDescriptor {
                mag_filter: filter,
                min_filter: filter,
                ..wgpu::SamplerDescriptor::default()
            })
        });
        let nothing = texture_of(device, [1, 1]);
        let fill = values();
        let bound = bind(device, &layout, &fill, &nothing, &samplers[0]);
        Self {
            opaque: pipeline("opaque", None),
            plain: pipeline("plain", None),
            fill: (fill, bound),
            faded: pipeline("faded", Some(wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING)),
            layout,
            samplers,
            slots: [(values(), None), (values(), None)],
        }
    }

    fn upload(&mut self, device: &wgpu::Device, queue: &wgpu::Queue, what: &Callback) {
        let size = what.picture.size;
        let Callback { view, place, .. } = what;
        let begin = (view.min - place.min) / place.size();
        let reach = view.size() / place.size();
        let part = [begin.x, begin.y, reach.x, reach.y];
        let (buffer, held) = &mut self.slots[what.slot as usize];
        let values = values_of(part, what.ground, what.opacity);
        queue.write_buffer(buffer, 0, bytemuck::cast_slice(&values));
        let extent = extent(size);
        let fits = held.take().filter(|held| held.texture.size() == extent);
        let held = held.insert(fits.unwrap_or_else(|| {
            let texture = texture_of(device, size);
            let bind = |sampler| bind(device, &self.layout, buffer, &texture, sampler);
            let bindings = [bind(&self.samplers[0]), bind(&self.samplers[1])];
            Held { texture, bindings, number: 0 }
        }));
        if held.number == what.number {
            return;
        }
        held.number = what.number;
        let layout = wgpu::TexelCopyBufferLayout {
            offset: 0,
            bytes_per_row: Some(extent.width * 4),
            rows_per_image: None,
        };
        queue.write_texture(held.texture.as_image_copy(), what.picture.as_raw(), layout, extent);
    }
}

/// What the shader reads.
fn values_of(part: [f32; 4], [r, g, b]: [f32; 3], opacity: f32) -> [[f32; 4]; 2] {
    [part, [r, g, b, opacity]]
}

fn extent([width, height]: [usize; 2]) -> wgpu::Extent3d {
    wgpu::Extent3d { width: width as u32, height: height as u32, depth_or_array_layers: 1 }
}

fn texture_of(device: &wgpu::Device, size: [usize; 2]) -> wgpu::Texture {
    device.create_texture(&wgpu::TextureDescriptor {
        label: Some("lay"),
        size: extent(size),
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format: wgpu::TextureFormat::Rgba8Unorm,
        usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
        view_formats: &[],
    })
}

fn bind(
    device: &wgpu::Device,
    layout: &wgpu::BindGroupLayout,
    values: &wgpu::Buffer,
    texture: &wgpu::Texture,
    sampler: &wgpu::Sampler,
) -> wgpu::BindGroup {
    let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
    device.create_bind_group(&wgpu::BindGroupDescriptor {
        label: Some("lay"),
        layout,
        entries: &[
            wgpu::BindGroupEntry { binding: 0, resource: values.as_entire_binding() },
            wgpu::BindGroupEntry {
                binding: 1,
                resource: wgpu::BindingResource::TextureView(&view),
            },
            wgpu::BindGroupEntry { binding: 2, resource: wgpu::BindingResource::Sampler(sampler) },
        ],
    })
}
