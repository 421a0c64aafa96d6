//! The tree of hashes whose root is the content of a revision (RFC 6962, section 2.1).

use std::{
    sync::mpsc::{SyncSender, sync_channel},
    thread::JoinHandle,
};

use sha2::{Digest as _, Sha256};

use super::Hash;
use crate::case::{Error, Result};

/// About how many bytes of leaves travel to the thread at once.
const BATCH: usize = 128 << 10;
/// How many batches may wait for it.
const WAITING: usize = 8;

/// Takes the leaves of a tree, which is made here or on a thread of its own.
pub(super) enum Leaves {
    Here(Tree),
    Apart(Apart),
}

/// Leaves on their way to a thread.
pub(super) struct Apart {
    send: SyncSender<Batch>,
    batch: Batch,
    thread: JoinHandle<Tree>,
}

/// Leaves one after another, and where each ends.
#[derive(Default)]
struct Batch {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Leaves {
    pub(super) fn new(secret: &[u8]) -> Self {
        Self::Here(Tree::new(secret))
    }

    /// Goes on on a thread of its own, where there is one.
    pub(super) fn apart(self) -> Self {
        let Self::Here(mut tree) = self else { return self };
        let (send, receive) = sync_channel::<Batch>(WAITING);
        let (give, take) = sync_channel(1);
        let thread = std::thread::Builder::new().name("digest".into()).spawn(move || {
            let Ok(mut tree) = take.recv() else { return Tree::new(&[]) };
            while let Ok(batch) = receive.recv() {
                let mut start = 0;
                for end in batch.ends {
                    Tree::push(&mut tree, &batch.bytes[start..end]);
                    start = end;
                }
            }
            tree
        });
        let Ok(thread) = thread else { return Self::Here(tree) };
        match give.send(tree) {
            Ok(()) => Self::Apart(Apart { send, batch: Batch::default(), thread }),
            Err(back) => {
                tree = back.0;
                Self::Here(tree)
            }
        }
    }

    pub(super) fn push(&mut self, leaf: &[u8]) {
        match self {
            Self::Here(tree) => tree.push(leaf),
            Self::Apart(Apart { send, batch, .. }) => {
                batch.bytes.extend_from_slice(leaf);
                batch.ends.push(batch.bytes.len());
                if batch.bytes.len() >= BATCH {
                    // Where the thread is gone, joining it says so.
                    send.send(std::mem::take(batch)).ok();
                }
            }
        }
    }

    /// The root of all that was pushed.
    pub(super) fn root(self) -> Result<Hash> {
        match self {
            Self::Here(tree) => Ok(tree.root()),
            Self::Apart(Apart { send, batch, thread }) => {
                send.send(batch).ok();
                drop(send);
                let failed = |_| Error::report("The digest of the revision could not be made");
                Ok(thread.join().map_err(failed)?.root())
            }
        }
    }
}

/// A tree of salted hashes whose leaves come one after another. Of what is complete only the roots
/// are kept, the largest first.
pub(super) struct Tree {
    secret: Vec<u8>,
    count: u64,
    roots: Vec<Hash>,
}

impl Tree {
    fn new(secret: &[u8]) -> Self {
        Self { secret: secret.to_vec(), count: 0, roots: Vec::new() }
    }

    fn push(&mut self, leaf: &[u8]) {
        let mut hash = Sha256::new();
        hash.update([0]);
        hash.update(salt(&self.secret, self.count));
        hash.update(leaf);
        let mut root: Hash = hash.finalize().into();
        // Each trailing one of the count is a complete tree as large as this one.
        let mut count = self.count;
        while count & 1 == 1
            && let Some(before) = self.roots.pop()
        {
            root = joined(&before, &root);
            count >>= 1;
        }
        self.roots.push(root);
        self.count += 1;
    }

    fn root(mut self) -> Hash {
        let Some(mut root) = self.roots.pop() else { return Sha256::digest([]).into() };
        while let Some(before) = self.roots.pop() {
            root = joined(&before, &root);
        }
        root
    }
}

fn joined(left: &Hash, right: &Hash) -> Hash {
    let mut hash = Sha256::new();
    hash.update([1]);
    hash.update(left);
    hash.update(right);
    hash.finalize().into()
}

/// What a leaf is hashed together with. Who knows one of them cannot tell the others.
fn salt(secret: &[u8], leaf: u64) -> [u8; 16] {
    let mut hash = Sha256::new();
    hash.update(b"redthread salt 3\0");
    hash.update(secret);
    hash.update(leaf.to_be_bytes());
    let whole: Hash = hash.finalize().into();
    let mut salt = [0; 16];
    salt.copy_from_slice(&whole[..16]);
    salt
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_that_is_made_apart_is_the_same() {
        for count in [0, 1, 2, 7, 5_000] {
            let (mut here, mut apart) = (Leaves::new(b"secret"), Leaves::new(b"secret"));
            for n in 0..count {
                let leaf = vec![n as u8; n % 97];
                if n == 3 {
                    apart = apart.apart();
                }
                here.push(&leaf);
                apart.push(&leaf);
            }
            assert_eq!(here.root().expect("made"), apart.root().expect("made"), "{count}");
        }
    }

    /// The tree is the one of RFC 6962: a tree of n leaves joins that of the largest power of two
    /// below n with that of the rest.
    #[test]
    fn a_tree_is_joined_where_the_standard_joins_it() {
        fn by_definition(leaves: &[Hash]) -> Hash {
            if let [one] = leaves {
                return *one;
            }
            let half = leaves.len().next_power_of_two() / 2;
            joined(&by_definition(&leaves[..half]), &by_definition(&leaves[half..]))
        }
        for count in 1..70_u64 {
            let (mut tree, mut leaves) = (Tree::new(b"s"), Vec::new());
            for n in 0..count {
                tree.push(&n.to_be_bytes());
                let mut hash = Sha256::new();
                hash.update([0]);
                hash.update(salt(b"s", n));
                hash.update(n.to_be_bytes());
                leaves.push(hash.finalize().into());
            }
            assert_eq!(tree.root(), by_definition(&leaves), "{count} leaves");
        }
    }

    #[test]
    fn the_same_leaf_has_another_hash_under_another_secret_or_at_another_place() {
        let root = |secret: &[u8], before: usize| {
            let mut tree = Tree::new(secret);
            (0..before).for_each(|_| tree.push(b""));
            tree.push(b"what it says");
            tree.roots.pop()
        };
        assert_ne!(root(b"one", 0), root(b"other", 0));
        assert_ne!(salt(b"one", 0), salt(b"one", 1));
    }
}
