// The files of the demo cases; `demo.rs` includes this list.
const DANDONG: Files = files!("dandong":);
const LANTERN: Files = files!("lantern":);
