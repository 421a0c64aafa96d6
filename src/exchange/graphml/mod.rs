//! `GraphML`, as networkx, Gephi, yEd and Cytoscape exchange graphs.

pub mod write;
