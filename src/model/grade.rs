//! The Admiralty 6×6 grade: two judgements, made apart and never averaged.
//!
//! Source: NATO AJP-2.1; US Army FM 2-22.3, appendix B.

use serde::{Deserialize, Serialize};

macro_rules! scale {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $code:literal, $words:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name { $(#[doc = $words] #[serde(rename = $code)] $variant,)* }

        impl $name {
            /// Every step of the scale, best first; the last means "cannot be judged", not "bad".
            pub const ALL: [Self; 6] = [$(Self::$variant),*];

            /// The letter or digit that stands for it.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// Its meaning in words.
            pub fn words(self) -> &'static str {
                match self { $(Self::$variant => $words,)* }
            }

            /// The step that a letter or digit stands for.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

scale! {
    /// How far a source can be relied on: a property of the evidence.
    Reliability {
        A = "A", "completely reliable";
        B = "B", "usually reliable";
        C = "C", "fairly reliable";
        D = "D", "not usually reliable";
        E = "E", "unreliable";
        F = "F", "reliability cannot be judged";
    }
}

scale! {
    /// How far one piece of information can be believed: a property of the citation.
    Credibility {
        One = "1", "confirmed by other sources";
        Two = "2", "probably true";
        Three = "3", "possibly true";
        Four = "4", "doubtful";
        Five = "5", "improbable";
        Six = "6", "truth cannot be judged";
    }
}
