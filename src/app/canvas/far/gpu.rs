//! Dots and threads on the graphics processor: buffers that are written when what is drawn
//! changes, and one small block of globals for every frame.

use std::sync::Arc;

use eframe::egui_wgpu::{self, wgpu};

use super::{Drawn, Globals, icons};
use crate::app::canvas::plate::lay;

/// What the renderer keeps from frame to frame.
struct Resources {
    dots: wgpu::RenderPipeline,
    straight: wgpu::RenderPipeline,
    curved: wgpu::RenderPipeline,
    signs: wgpu::RenderPipeline,
    globals: wgpu::Buffer,
    bindings: wgpu::BindGroup,
    held: [Option<wgpu::Buffer>; 3],
    /// Whether the screen wants linear colours.
    is_linear: bool,
    /// Which [`Drawn`] the buffers hold.
    version: u64,
}

/// Makes the pipelines, once for a window. What `paint` adds is only drawn where this was done.
pub fn install(state: &egui_wgpu::RenderState) {
    let resources = Resources::new(&state.device, &state.queue, state.target_format);
    let lays = lay::Resources::new(&state.device, state.target_format);
    let held = &mut state.renderer.write().callback_resources;
    held.insert(resources);
    held.insert(lays);
}

/// What is painted in one frame.
pub(super) struct Callback {
    pub drawn: Arc<Drawn>,
    pub globals: Globals,
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
            resources.upload(device, queue, &self.drawn);
            let globals = Globals { linear: resources.is_linear, ..self.globals.clone() };
            queue.write_buffer(&resources.globals, 0, &globals.bytes());
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
        pass.set_bind_group(0, &resources.bindings, &[]);
        let drawn = &*self.drawn;
        let [dots, straight, curved] = &resources.held;
        let mut run = |pipeline: &wgpu::RenderPipeline,
                       held: &Option<wgpu::Buffer>,
                       corners,
                       count: usize| {
            if let Some(buffer) = held.as_ref().filter(|_| count > 0) {
                pass.set_pipeline(pipeline);
                pass.set_vertex_buffer(0, buffer.slice(..));
                pass.draw(0..corners, 0..count as u32);
            }
        };
        run(&resources.straight, straight, 4, drawn.straight.len());
        run(&resources.curved, curved, 26, drawn.curved.len());
        if self.globals.signs() {
            run(&resources.signs, straight, 18, drawn.straight.len());
            run(&resources.signs, curved, 18, drawn.curved.len());
        }
        run(&resources.dots, dots, 4, drawn.dots.len());
    }
}

impl Resources {
    fn new(device: &wgpu::Device, queue: &wgpu::Queue, format: wgpu::TextureFormat) -> Self {
        let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some("far"),
            source: wgpu::ShaderSource::Wgsl(include_str!("far.wgsl").into()),
        });
        let entry = |binding, visibility, ty| wgpu::BindGroupLayoutEntry {
            binding,
            visibility,
            ty,
            count: None,
        };
        let both = wgpu::ShaderStages::VERTEX_FRAGMENT;
        let layout = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some("far"),
            entries: &[
                entry(
                    0,
                    both,
                    wgpu::BindingType::Buffer {
                        ty: wgpu::BufferBindingType::Uniform,
                        has_dynamic_offset: false,
                        min_binding_size: None,
                    },
                ),
                entry(
                    1,
                    wgpu::ShaderStages::FRAGMENT,
                    wgpu::BindingType::Texture {
                        sample_type: wgpu::TextureSampleType::Float { filterable: true },
                        view_dimension: wgpu::TextureViewDimension::D2,
                        multisampled: false,
                    },
                ),
                entry(
                    2,
                    wgpu::ShaderStages::FRAGMENT,
                    wgpu::BindingType::Sampler(wgpu::SamplerBindingType::Filtering),
                ),
            ],
        });
        let globals = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("far"),
            size: Globals::SIZE,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let icons = icon_texture(device, queue);
        let sampler = device.create_sampler(&wgpu::SamplerDescriptor {
            mag_filter: wgpu::FilterMode::Linear,
            min_filter: wgpu::FilterMode::Linear,
            ..wgpu::SamplerDescriptor::default()
        });
        let bindings = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("far"),
            layout: &layout,
            entries: &[
                wgpu::BindGroupEntry { binding: 0, resource: globals.as_entire_binding() },
                wgpu::BindGroupEntry {
                    binding: 1,
                    resource: wgpu::BindingResource::TextureView(&icons),
                },
                wgpu::BindGroupEntry {
                    binding: 2,
                    resource: wgpu::BindingResource::Sampler(&sampler),
                },
            ],
        });
        let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some("far"),
            bind_group_layouts: &[Some(&layout)],
            immediate_size: 0,
        });
        let dot = wgpu::vertex_attr_array![0 => Float32x2, 1 => Uint32, 2 => Unorm8x4];
        let thread = wgpu::vertex_attr_array![0 => Float32x4, 1 => Float32, 2 => Uint32];
        let pipeline = |vertex, fragment, stride, attributes, topology| {
            device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
                label: Some(vertex),
                layout: Some(&layout),
                vertex: wgpu::VertexState {
                    module: &module,
                    entry_point: Some(vertex),
                    compilation_options: wgpu::PipelineCompilationOptions::default(),
                    buffers: &[Some(wgpu::VertexBufferLayout {
                        array_stride: stride,
                        step_mode: wgpu::VertexStepMode::Instance,
                        attributes,
                    })],
                },
                primitive: wgpu::PrimitiveState { topology, ..wgpu::PrimitiveState::default() },
                depth_stencil: None,
                multisample: wgpu::MultisampleState::default(),
                fragment: Some(wgpu::FragmentState {
                    module: &module,
                    entry_point: Some(fragment),
                    compilation_options: wgpu::PipelineCompilationOptions::default(),
                    targets: &[Some(wgpu::ColorTargetState {
                        format,
                        blend: Some(wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING),
                        write_mask: wgpu::ColorWrites::ALL,
                    })],
                }),
                multiview_mask: None,
                cache: None,
            })
        };
        let strip = wgpu::PrimitiveTopology::TriangleStrip;
        let list = wgpu::PrimitiveTopology::TriangleList;
        Self {
            dots: pipeline("dot_vertex", "dot_fragment", 16, &dot, strip),
            straight: pipeline("straight_vertex", "thread_fragment", 24, &thread, strip),
            curved: pipeline("curved_vertex", "thread_fragment", 24, &thread, strip),
            signs: pipeline("sign_vertex", "sign_fragment", 24, &thread, list),
            globals,
            bindings,
            held: [None, None, None],
            version: 0,
            is_linear: format.is_srgb(),
        }
    }

    fn upload(&mut self, device: &wgpu::Device, queue: &wgpu::Queue, drawn: &Drawn) {
        if self.version == drawn.version {
            return;
        }
        self.version = drawn.version;
        let lists: [&[u8]; 3] = [
            bytemuck::cast_slice(&drawn.dots),
            bytemuck::cast_slice(&drawn.straight),
            bytemuck::cast_slice(&drawn.curved),
        ];
        for (held, bytes) in self.held.iter_mut().zip(lists) {
            let size = bytes.len() as u64;
            if size == 0 {
                continue;
            }
            let fits = held.as_ref().filter(|buffer| {
                // One that is much too large is given back.
                (size..size.saturating_mul(8).max(1 << 20)).contains(&buffer.size())
            });
            let buffer = match fits {
                Some(buffer) => buffer,
                None => held.insert(device.create_buffer(&wgpu::BufferDescriptor {
                    label: Some("far"),
                    size: size + size / 4,
                    usage: wgpu::BufferUsages::VERTEX | wgpu::BufferUsages::COPY_DST,
                    mapped_at_creation: false,
                })),
            };
            queue.write_buffer(buffer, 0, bytes);
        }
    }
}

/// The mask of icons as a texture.
fn icon_texture(device: &wgpu::Device, queue: &wgpu::Queue) -> wgpu::TextureView {
    const SIDE: u32 = icons::SIDE as u32;
    let size = wgpu::Extent3d { width: SIDE, height: SIDE, depth_or_array_layers: 1 };
    let texture = device.create_texture(&wgpu::TextureDescriptor {
        label: Some("icons"),
        size,
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format: wgpu::TextureFormat::R8Unorm,
        usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
        view_formats: &[],
    });
    let layout = wgpu::TexelCopyBufferLayout {
        offset: 0,
        bytes_per_row: Some(SIDE),
        rows_per_image: Some(SIDE),
    };
    queue.write_texture(texture.as_image_copy(), icons::mask(), layout, size);
    texture.create_view(&wgpu::TextureViewDescriptor::default())
}
