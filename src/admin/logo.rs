//! What somebody uploaded, read as a picture and written down anew.
//!
//! Owns which pictures are taken: PNG, JPEG and WebP, told by what they begin with and by nothing that is said of them. Nothing of what was uploaded is kept but its pixels, so there is
//! no file that is a picture to us and a page or a program to a browser, and none that says where a photograph was taken. SVG is not taken: it is a document with programs, styles and
//! addresses in it, and a list of what of it is harmless would have to be kept as browsers change. A few bytes can ask for much memory: pictures are read one at a time, off the threads that
//! serve, within bounds that hold from the first byte on. Leaves whose logo it becomes to the functions for clients and the policy.

use std::io::Cursor;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{DynamicImage, ImageFormat, ImageReader, Limits};
use tokio::sync::Semaphore;

use super::{FieldError, Rejected};
use crate::model::logo::{Logo, MAX_SIDE, MAX_UPLOAD_BYTES, MAX_UPLOAD_SIDE, NotALogo};

/// The most bytes that reading one takes: four bytes of memory for each pixel, of 16 bits for each colour, and as much again to work with.
const MAX_MEMORY: u64 = MAX_UPLOAD_SIDE as u64 * MAX_UPLOAD_SIDE as u64 * 16;

/// How many are read at once, however many are uploaded.
static READING: Semaphore = Semaphore::const_new(1);

/// The field that a refusal is about.
const FIELD: &str = "logo";

/// The logo that is made of what was uploaded.
pub(super) async fn read(uploaded: &[u8]) -> Result<Logo, Rejected> {
    let turn = READING.acquire().await;
    let uploaded = uploaded.to_vec();
    let drawn = tokio::task::spawn_blocking(move || {
        // Held for as long as the work takes, whether or not anybody waits for it.
        let _turn = turn;
        redrawn(&uploaded)
    });
    let drawn = drawn.await.unwrap_or(Err(NotALogo::Broken));
    drawn.map_err(|why| Rejected::Invalid(vec![FieldError::Logo(why).of(FIELD)]))
}

fn redrawn(uploaded: &[u8]) -> Result<Logo, NotALogo> {
    let format = format_of(uploaded)?;
    let picture = unpacked(uploaded, format)?;
    let picture =
        if picture.width().max(picture.height()) > MAX_SIDE { picture.thumbnail(MAX_SIDE, MAX_SIDE) } else { picture };
    // Eight bits for each colour, whatever it came with: no palette, no profile and no text goes along.
    written(&DynamicImage::ImageRgba8(picture.to_rgba8())).map(Logo::of)
}

/// The format that it begins as.
fn format_of(uploaded: &[u8]) -> Result<ImageFormat, NotALogo> {
    if uploaded.len() > MAX_UPLOAD_BYTES {
        return Err(NotALogo::TooLarge);
    }
    match image::guess_format(uploaded) {
        Ok(format @ (ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP)) => Ok(format),
        _ => Err(NotALogo::Format),
    }
}

/// Its pixels. How many there are is said at its beginning, and asked before there is memory for them.
fn unpacked(uploaded: &[u8], format: ImageFormat) -> Result<DynamicImage, NotALogo> {
    let (width, height) = reader(uploaded, format).into_dimensions().map_err(|_| NotALogo::Broken)?;
    if width.max(height) > MAX_UPLOAD_SIDE {
        return Err(NotALogo::TooManyPixels);
    }
    reader(uploaded, format).decode().map_err(|_| NotALogo::Broken)
}

/// What reads one. Asking how large it is unpacks some of it already, so the bound of memory is there from the beginning; that of its sides is asked by itself.
fn reader(uploaded: &[u8], format: ImageFormat) -> ImageReader<Cursor<&[u8]>> {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(uploaded), format);
    reader.limits(limits);
    reader
}

fn written(picture: &DynamicImage) -> Result<Vec<u8>, NotALogo> {
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, FilterType::Adaptive);
    picture.write_with_encoder(encoder).map_err(|_| NotALogo::Broken)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use image::{ImageDecoder, ImageEncoder};

    use super::*;

    fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let mut drawn = DynamicImage::new_rgb8(width, height);
        if format == ImageFormat::Png {
            drawn = DynamicImage::ImageRgba8(drawn.to_rgba8());
        }
        let mut bytes = Cursor::new(Vec::new());
        drawn.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn size(logo: &Logo) -> (u32, u32) {
        reader(logo.picture(), ImageFormat::Png).into_dimensions().unwrap()
    }

    #[test]
    fn what_is_taken_becomes_a_small_png_of_its_shape() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
            assert_eq!(size(&redrawn(&picture(40, 20, format)).unwrap()), (40, 20), "{format:?}");
            assert_eq!(size(&redrawn(&picture(1024, 512, format)).unwrap()), (256, 128), "{format:?}");
        }
        let again = redrawn(&picture(40, 20, ImageFormat::Png)).unwrap();
        assert_eq!(redrawn(again.picture()).unwrap().id(), again.id(), "what is written down is read as itself");
    }

    #[test]
    fn nothing_but_its_pixels_is_kept() {
        let mut polyglot = picture(8, 8, ImageFormat::Png);
        let clean = redrawn(&polyglot).unwrap();
        polyglot.extend_from_slice(b"<script>alert(1)</script>");
        let kept = redrawn(&polyglot).unwrap();
        assert_eq!(kept.id(), clean.id());
        assert!(!kept.picture().windows(7).any(|bytes| bytes == b"<script"));
    }

    #[test]
    fn what_goes_along_with_it_is_unpacked_within_bounds() {
        let (within, beyond) = (1 << 10, usize::try_from(MAX_MEMORY).unwrap() * 2);
        for (bytes, unpacked) in [(within, true), (beyond, false)] {
            let mut uploaded = Vec::new();
            let mut encoder = PngEncoder::new_with_quality(&mut uploaded, CompressionType::Best, FilterType::Adaptive);
            encoder.set_icc_profile(vec![0; bytes]).unwrap();
            DynamicImage::new_rgba8(8, 8).write_with_encoder(encoder).unwrap();
            assert!(uploaded.len() <= MAX_UPLOAD_BYTES, "{}", uploaded.len());
            let mut decoder = reader(&uploaded, ImageFormat::Png).into_decoder().unwrap();
            assert_eq!(decoder.icc_profile().unwrap().is_some(), unpacked, "{bytes}");
            assert_eq!(size(&redrawn(&uploaded).unwrap()), (8, 8), "the picture itself is small");
        }
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        let mut cut = picture(64, 64, ImageFormat::Png);
        cut.truncate(40);
        for (uploaded, why) in [
            (b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_vec(), NotALogo::Format),
            (b"GIF89a\x01\x00\x01\x00".to_vec(), NotALogo::Format),
            (Vec::new(), NotALogo::Format),
            (cut, NotALogo::Broken),
            (picture(1025, 1, ImageFormat::Png), NotALogo::TooManyPixels),
            (vec![0; MAX_UPLOAD_BYTES + 1], NotALogo::TooLarge),
        ] {
            assert_eq!(redrawn(&uploaded), Err(why));
        }
    }
}
