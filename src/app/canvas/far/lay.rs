//! Lays a picture that the processor made over the ground, where a program stands in for a
//! graphics processor: egui's own shader takes several times as long for every pixel there.

use std::sync::Arc;

use eframe::egui_wgpu::{self, wgpu};
use egui::ColorImage;

/// What the renderer keeps from frame to frame.
pub(super) struct Resources {
    opaque: wgpu::RenderPipeline,
    faded: wgpu::RenderPipeline,
    plain: wgpu::RenderPipeline,
    /// The values of a fill, and what binds them.
    fill: (wgpu::Buffer, wgpu::BindGroup),
    layout: wgpu::BindGroupLayout,
    values: wgpu::Buffer,
    sampler: wgpu::Sampler,
    /// The texture, what binds it, and which picture it holds.
    held: Option<(wgpu::Texture, wgpu::BindGroup, u64)>,
    is_linear: bool,
}

/// A picture and where it is laid.
pub(super) struct Callback {
    pub picture: Arc<ColorImage>,
    /// Tells one picture from every other.
    pub number: u64,
    /// The corner of the picture, in pixels of the window.
    pub corner: [f32; 2],
    /// Pixels of the picture for one of the window.
    pub step: f32,
    pub ground: [f32; 3],
    /// The ground is laid too where this is 1.
    pub opacity: f32,
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
        _: egui::PaintCallbackInfo,
        pass: &mut wgpu::RenderPass<'static>,
        resources: &egui_wgpu::CallbackResources,
    ) {
        let Some(resources) = resources.get::<Resources>() else { return };
        let Some((_, bindings, _)) = &resources.held else { return };
        let opaque = self.opacity >= 1.0;
        pass.set_pipeline(if opaque { &resources.opaque } else { &resources.faded });
        pass.set_bind_group(0, bindings, &[]);
        pass.draw(0..4, 0..1);
    }
}

/// One colour.
pub(super) struct Fill {
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
            let values = resources.values_of(self.color, [0.0; 4], [0.0; 2]);
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
        pass.draw(0..4, 0..1);
    }
}

impl Resources {
    pub(super) fn new(device: &wgpu::Device, format: wgpu::TextureFormat) -> Self {
        let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some("lay"),
            source: wgpu::ShaderSource::Wgsl(include_str!("lay.wgsl").into()),
        });
        let entry = |binding, ty| wgpu::BindGroupLayoutEntry {
            binding,
            visibility: wgpu::ShaderStages::FRAGMENT,
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
                primitive: wgpu::PrimitiveState {
                    topology: wgpu::PrimitiveTopology::TriangleStrip,
                    ..wgpu::PrimitiveState::default()
                },
                depth_stencil: None,
                multisample: wgpu::MultisampleState::default(),
                fragment: Some(wgpu::FragmentState {
                    module: &module,
                    entry_point: Some(fragment),
                    compilation_options: wgpu::PipelineCompilationOptions::default(),
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
                size: 48,
                usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
                mapped_at_creation: false,
            })
        };
        let sampler = device.create_sampler(&wgpu::SamplerDescriptor {
            mag_filter: wgpu::FilterMode::Linear,
            min_filter: wgpu::FilterMode::Linear,
            ..wgpu::SamplerDescriptor::default()
        });
        let nothing = texture_of(device, [1, 1]);
        let fill = values();
        let bound = bind(device, &layout, &fill, &nothing, &sampler);
        Self {
            opaque: pipeline("opaque", None),
            plain: pipeline("plain", None),
            fill: (fill, bound),
            faded: pipeline("faded", Some(wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING)),
            layout,
            values: values(),
            sampler,
            held: None,
            is_linear: format.is_srgb(),
        }
    }

    /// What the shader reads.
    fn values_of(&self, [r, g, b]: [f32; 3], place: [f32; 4], size: [f32; 2]) -> [[f32; 4]; 3] {
        let linear = f32::from(u8::from(self.is_linear));
        [place, [r, g, b, 1.0], [size[0], size[1], linear, 0.0]]
    }

    fn upload(&mut self, device: &wgpu::Device, queue: &wgpu::Queue, what: &Callback) {
        let size = what.picture.size;
        let place = [what.corner[0], what.corner[1], what.step, what.opacity];
        let values = self.values_of(what.ground, place, size.map(|side| side as f32));
        queue.write_buffer(&self.values, 0, bytemuck::cast_slice(&values));
        let extent = extent(size);
        let fits = self.held.as_ref().is_some_and(|(texture, ..)| texture.size() == extent);
        if !fits {
            let texture = texture_of(device, size);
            let bindings = bind(device, &self.layout, &self.values, &texture, &self.sampler);
            self.held = Some((texture, bindings, 0));
        }
        let Some((texture, _, number)) = &mut self.held else { return };
        if *number == what.number {
            return;
        }
        *number = what.number;
        let layout = wgpu::TexelCopyBufferLayout {
            offset: 0,
            bytes_per_row: Some(extent.width * 4),
            rows_per_image: None,
        };
        queue.write_texture(texture.as_image_copy(), what.picture.as_raw(), layout, extent);
    }
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
