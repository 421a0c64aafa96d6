//! Files that are replaced, after the user has agreed: the old file goes aside under another name
//! until the new one is there, and comes back where there is none.

use std::path::{Path, PathBuf};

use crate::model::Id;

/// Files that wait for their successors.
#[derive(Debug, Default)]
pub struct Replaced(Vec<(PathBuf, PathBuf)>);

impl Replaced {
    /// Makes room for a new file of this name. Says in one sentence why that cannot be.
    pub(crate) fn make_room(&mut self, to: &Path) -> Result<(), String> {
        let Ok(meta) = to.symlink_metadata() else { return Ok(()) };
        if !meta.is_file() {
            return Err(format!(
                "{} is not a file, so it is not replaced. Choose another name.",
                to.display()
            ));
        }
        let name = to.file_name().unwrap_or_default().to_string_lossy();
        let short: String = name.chars().take(60).collect();
        let aside = to.with_file_name(format!("{short}.replaced-{}", Id::new()));
        std::fs::rename(to, &aside).map_err(|error| {
            format!("{} cannot be replaced ({error}). Choose another name.", to.display())
        })?;
        self.0.push((to.to_owned(), aside));
        Ok(())
    }

    /// Removes what has been replaced, and puts back what has not. To be called when nothing is
    /// being written any more.
    pub fn settle(&mut self) {
        for (to, aside) in self.0.drain(..) {
            // A link is as good as a file here: something has the name now.
            if to.symlink_metadata().is_ok() {
                std::fs::remove_file(&aside).ok();
            } else {
                std::fs::rename(&aside, &to).ok();
            }
        }
    }
}

impl Drop for Replaced {
    fn drop(&mut self) {
        self.settle();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_replaced_goes_only_when_its_successor_is_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let to = folder.path().join("a.pdf");
        let names = || std::fs::read_dir(folder.path()).expect("readable").count();
        std::fs::write(&to, "old").expect("written");
        let mut replaced = Replaced::default();

        replaced.make_room(&to).expect("room");
        assert!(!to.exists() && names() == 1, "the old one is aside");
        replaced.settle();
        assert_eq!(std::fs::read_to_string(&to).expect("back"), "old");

        replaced.make_room(&to).expect("room");
        std::fs::write(&to, "new").expect("written");
        replaced.settle();
        assert_eq!(std::fs::read_to_string(&to).expect("there"), "new");
        assert_eq!(names(), 1, "and nothing else is left");

        replaced.make_room(&folder.path().join("none")).expect("nothing to do");
        assert!(replaced.make_room(folder.path()).is_err_and(|why| why.contains("not a file")));
    }
}
