//! Keys of rows on their way into the file and out of it. Nothing above `case` makes one.

use rusqlite::{
    Result,
    types::{FromSql, FromSqlResult, ToSql, ToSqlOutput, ValueRef},
};

use super::standing::Target;
use crate::model::{CitationKey, EntityKey, RevisionNumber, StatementKey};

macro_rules! stored {
    ($($key:ty),*) => {$(
        impl ToSql for $key {
            fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
                Ok(self.row().into())
            }
        }

        impl FromSql for $key {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                i64::column_result(value).map(Self::from_row)
            }
        }
    )*};
}

stored!(StatementKey, CitationKey, EntityKey, RevisionNumber);

impl ToSql for Target {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        Ok(self.row().into())
    }
}
