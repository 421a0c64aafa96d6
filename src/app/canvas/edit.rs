//! Editing the value that names an entity, or stands on a line, where it is on the chart.

use super::{Canvas, Lens, Scope};
use crate::{
    app::editor::{Draft, ValueBox},
    chart::Point,
    model::{Id, schema},
};

impl Canvas {
    /// Opens the box for the property that gives the caption.
    pub(super) fn edit(&mut self, scope: &Scope<'_>, id: &Id, at: Point) {
        let Some(entity) = scope.model.seen.get(id) else { return };
        let Some(known) = schema::schema(entity.schema()) else { return };
        let property = schema::caption_property(known, &|name| entity.first(name));
        let draft = property.and_then(|property| Draft::first(scope.model, id, property));
        self.value = draft.map(|draft| (ValueBox::new(draft), at));
    }

    pub(super) fn value_ui(&mut self, ui: &egui::Ui, scope: &mut Scope<'_>, lens: &Lens) {
        let Some((value, at)) = &mut self.value else { return };
        let place = (lens.screen(*at), lens.rect.shrink(12.0));
        let before = scope.requests.len();
        if !value.ui(ui.ctx(), scope.model, scope.theme, scope.requests, place) {
            self.sent.value.keep(self.value.take(), &scope.requests[before..]);
        }
    }
}
