//! The file of a list: a Bloom filter in blocks, so that a question is one read of 64 bytes.
//!
//! A header of 64 bytes (magic, version, parameters, little endian), the blocks, and the SHA-256 of all that. A password's SHA-1 is evenly spread already: its first
//! eight bytes say the block, the following ones eight of its 512 bits. Blocks come in the order of the digests, so a sorted collection is written as it is
//! read. With 16 bits for each password one in a thousand others is taken for a stolen one; none that is in the list is missed.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;

use crate::support::Digest;
use crate::support::digest::Sha256;

const MAGIC: &[u8; 8] = b"HAECHIPW";
const VERSION: u32 = 1;
const HEADER: usize = 64;
const BLOCK: usize = 64;
const CHECKSUM: usize = 32;
/// Bits of a block that a password sets.
const PROBES: u32 = 8;
/// Bits that there are for each password.
const BITS_EACH: u64 = 16;
const BITS_OF_BLOCK: u64 = BLOCK as u64 * 8;
/// How much is read at once while the checksum is made.
const PIECE: usize = 1 << 16;

/// Why a file cannot be used as a list.
#[derive(Debug, thiserror::Error)]
pub enum ListRejected {
    /// It cannot be read.
    #[error("it cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    /// It is something else.
    #[error("it is no list of `haechi passwords import`, which makes one of a collection of SHA-1 digests")]
    NotAList,
    /// It is of another release.
    #[error("it has the form {0}, and this release reads form {VERSION}: make it anew with `haechi passwords import`")]
    Version(u32),
    /// Its header contradicts itself.
    #[error("its header says what no list has: make it anew with `haechi passwords import`")]
    Header,
    /// It is cut off, or has something behind it.
    #[error("it has {found} bytes instead of {wanted}: it was not copied completely")]
    Length {
        /// The bytes that its header speaks of.
        wanted: u64,
        /// Those that there are.
        found: u64,
    },
    /// Something in it changed.
    #[error("its checksum is wrong: it was damaged on the way, or changed")]
    Checksum,
}

/// What a list was made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) blocks: u64,
    pub(super) entries: u64,
    pub(super) minimum_count: u64,
}

impl Header {
    /// For so many passwords.
    pub(super) const fn of(entries: u64, minimum_count: u64) -> Self {
        let blocks = entries.saturating_mul(BITS_EACH).div_ceil(BITS_OF_BLOCK);
        Self { blocks: if blocks == 0 { 1 } else { blocks }, entries, minimum_count }
    }

    fn written(&self) -> [u8; HEADER] {
        let mut bytes = [0; HEADER];
        bytes[..8].copy_from_slice(MAGIC);
        bytes[8..12].copy_from_slice(&VERSION.to_le_bytes());
        bytes[12..16].copy_from_slice(&PROBES.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.blocks.to_le_bytes());
        bytes[24..32].copy_from_slice(&self.entries.to_le_bytes());
        bytes[32..40].copy_from_slice(&self.minimum_count.to_le_bytes());
        bytes
    }

    fn read(bytes: &[u8; HEADER]) -> Result<Self, ListRejected> {
        let number = |at: usize| u64::from_le_bytes(std::array::from_fn(|i| bytes[at + i]));
        let small = |at: usize| u32::from_le_bytes(std::array::from_fn(|i| bytes[at + i]));
        if &bytes[..8] != MAGIC {
            return Err(ListRejected::NotAList);
        }
        if small(8) != VERSION {
            return Err(ListRejected::Version(small(8)));
        }
        let header = Self { blocks: number(16), entries: number(24), minimum_count: number(32) };
        let in_order = small(12) == PROBES && header == Self::of(header.entries, header.minimum_count);
        if in_order && *bytes == header.written() { Ok(header) } else { Err(ListRejected::Header) }
    }

    fn file_length(&self) -> u64 {
        self.blocks.saturating_mul(BLOCK as u64).saturating_add((HEADER + CHECKSUM) as u64)
    }
}

/// Whether a file begins as a list does, of whichever release and however damaged.
pub(super) fn begins_as_list(file: File) -> io::Result<bool> {
    let mut magic = Vec::new();
    file.take(MAGIC.len() as u64).read_to_end(&mut magic)?;
    Ok(magic == MAGIC)
}

/// Where a digest is in the list: its block, and a mask of its bits.
fn place(digest: &[u8; 20], blocks: u64) -> (u64, [u8; BLOCK]) {
    let first = u64::from_be_bytes(std::array::from_fn(|i| digest[i]));
    let block = u64::try_from((u128::from(first) * u128::from(blocks)) >> 64).unwrap_or(0);
    let rest = u128::from_be_bytes(std::array::from_fn(|i| if i < 4 { 0 } else { digest[4 + i] }));
    let mut mask = [0; BLOCK];
    for probe in 0..PROBES {
        let bit = usize::try_from((rest >> (9 * probe)) & 511).unwrap_or(0);
        mask[bit / 8] |= 1 << (bit % 8);
    }
    (block, mask)
}

/// Writes a list, digest by digest in ascending order.
pub(super) struct ListWriter<W> {
    into: W,
    header: Header,
    checksum: Sha256,
    at: u64,
    block: [u8; BLOCK],
}

impl<W: Write> ListWriter<W> {
    pub(super) fn begin(into: W, header: Header) -> io::Result<Self> {
        let mut writer = Self { into, header, checksum: Sha256::new(), at: 0, block: [0; BLOCK] };
        writer.put(&header.written())?;
        Ok(writer)
    }

    pub(super) fn add(&mut self, digest: &[u8; 20]) -> io::Result<()> {
        let (block, mask) = place(digest, self.header.blocks);
        self.go_to(block)?;
        self.block.iter_mut().zip(mask).for_each(|(byte, bits)| *byte |= bits);
        Ok(())
    }

    /// The rest, and the checksum.
    pub(super) fn finish(mut self) -> io::Result<W> {
        self.go_to(self.header.blocks)?;
        let checksum = self.checksum.finish();
        self.into.write_all(checksum.as_bytes())?;
        self.into.flush()?;
        Ok(self.into)
    }

    fn go_to(&mut self, block: u64) -> io::Result<()> {
        while self.at < block {
            let full = std::mem::replace(&mut self.block, [0; BLOCK]);
            self.put(&full)?;
            self.at += 1;
        }
        Ok(())
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.checksum.update(bytes);
        self.into.write_all(bytes)
    }
}

/// A list that can be asked. It stays on disk.
#[derive(Debug)]
pub struct BreachedList {
    file: File,
    header: Header,
}

impl BreachedList {
    /// Opens a file, and reads all of it once.
    ///
    /// # Errors
    /// Where it is no list, or not whole.
    pub fn open(path: &Path) -> Result<Self, ListRejected> {
        let file = File::open(path)?;
        let found = file.metadata()?.len();
        let mut bytes = [0; HEADER];
        if found < bytes.len() as u64 {
            return Err(ListRejected::NotAList);
        }
        file.read_exact_at(&mut bytes, 0)?;
        let header = Header::read(&bytes)?;
        let wanted = header.file_length();
        if wanted != found {
            return Err(ListRejected::Length { wanted, found });
        }
        if checksum_is_right(&file, wanted)? { Ok(Self { file, header }) } else { Err(ListRejected::Checksum) }
    }

    /// How many passwords it is made of.
    pub const fn entries(&self) -> u64 {
        self.header.entries
    }

    /// Whether the password of this SHA-1 is in it: always where it is, and one time in a thousand where it is not.
    pub(super) fn has(&self, digest: &[u8; 20]) -> io::Result<bool> {
        let (block, mask) = place(digest, self.header.blocks);
        let mut bits = [0; BLOCK];
        self.file.read_exact_at(&mut bits, HEADER as u64 + block * BLOCK as u64)?;
        Ok(bits.iter().zip(mask).all(|(bits, mask)| bits & mask == mask))
    }
}

fn checksum_is_right(file: &File, length: u64) -> io::Result<bool> {
    let mut reader = BufReader::with_capacity(PIECE, file.take(length));
    let mut left = length - CHECKSUM as u64;
    let (mut made, mut piece) = (Sha256::new(), vec![0; PIECE]);
    while left > 0 {
        let now = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
        reader.read_exact(&mut piece[..now])?;
        made.update(&piece[..now]);
        left -= now as u64;
    }
    let mut written = [0; CHECKSUM];
    reader.read_exact(&mut written)?;
    Ok(Digest::from_slice(&written) == Some(made.finish()))
}
