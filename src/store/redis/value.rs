//! How a record lies in Redis: a version, its expiry, its owners, then the sealed value. `owners.lua` reads the owners too.

use crate::store::{SealedRecord, StoreError, StoreResult};
use crate::support::id::UserId;
use crate::support::{Digest, Timestamp};

const VERSION: u8 = 1;
const ID_BYTES: usize = 16;

/// Writes a record. A count that does not fit in its byte is refused; a browser holds a handful of accounts.
pub(super) fn encode(record: &SealedRecord) -> StoreResult<Vec<u8>> {
    let owners =
        u8::try_from(record.owners.len()).map_err(|_| StoreError::Corrupt("a record of too many owners".to_owned()))?;
    let mut bytes = Vec::with_capacity(10 + ID_BYTES * record.owners.len() + record.value.len());
    bytes.push(VERSION);
    bytes.extend_from_slice(&record.expires_at.millis().to_be_bytes());
    bytes.push(owners);
    record.owners.iter().for_each(|owner| bytes.extend_from_slice(owner.as_bytes()));
    bytes.extend_from_slice(&record.value);
    Ok(bytes)
}

/// Reads a record back.
pub(super) fn decode(key: Digest, bytes: &[u8]) -> StoreResult<SealedRecord> {
    read(key, bytes).ok_or_else(|| StoreError::Corrupt("a record in Redis".to_owned()))
}

fn read(key: Digest, bytes: &[u8]) -> Option<SealedRecord> {
    let (&version, rest) = bytes.split_first()?;
    let (expiry, rest) = rest.split_first_chunk::<8>()?;
    let (&owners, rest) = rest.split_first()?;
    let (owners, value) = rest.split_at_checked(usize::from(owners) * ID_BYTES)?;
    let (owners, _) = owners.as_chunks::<ID_BYTES>();
    (version == VERSION).then(|| SealedRecord {
        key,
        owners: owners.iter().map(|id| UserId::from_bytes(*id)).collect(),
        value: value.to_vec(),
        expires_at: Timestamp::from_millis(i64::from_be_bytes(*expiry)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::SeededRandom;

    fn record(owners: usize) -> SealedRecord {
        let now = Timestamp::from_seconds(1_800_000_000);
        let random = SeededRandom::new(1);
        SealedRecord {
            key: Digest::sha256(b"key"),
            owners: (0..owners).map(|_| UserId::new(now, &random)).collect(),
            value: vec![0, 1, 2, 255],
            expires_at: now,
        }
    }

    #[test]
    fn a_record_survives_its_bytes() {
        for owners in [0, 1, 5, 255] {
            let record = record(owners);
            assert_eq!(decode(record.key, &encode(&record).unwrap()).unwrap(), record);
        }
    }

    #[test]
    fn what_is_no_record_is_refused() {
        let mut bytes = encode(&record(1)).unwrap();
        for cut in 0..26 {
            assert!(decode(Digest::sha256(b"key"), &bytes[..cut]).is_err(), "{cut} bytes");
        }
        bytes[0] = 2;
        assert!(decode(Digest::sha256(b"key"), &bytes).is_err());
        assert!(encode(&record(256)).is_err());
    }
}
