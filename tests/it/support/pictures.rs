//! Pictures, and what only begins as one.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};

/// A picture of this size and colour, as PNG.
pub fn png(width: u32, height: u32, shade: u8) -> Vec<u8> {
    written(width, height, shade, ImageFormat::Png)
}

/// The same, as JPEG.
pub fn jpeg(width: u32, height: u32, shade: u8) -> Vec<u8> {
    written(width, height, shade, ImageFormat::Jpeg)
}

/// The same, as WebP.
pub fn webp(width: u32, height: u32, shade: u8) -> Vec<u8> {
    written(width, height, shade, ImageFormat::WebP)
}

fn written(width: u32, height: u32, shade: u8, format: ImageFormat) -> Vec<u8> {
    let drawn = DynamicImage::ImageRgba8(RgbaImage::from_pixel(width, height, Rgba([shade, 64, 64, 255])));
    let drawn = if format == ImageFormat::Jpeg { DynamicImage::ImageRgb8(drawn.to_rgb8()) } else { drawn };
    let mut bytes = Cursor::new(Vec::new());
    drawn.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// The width and the height of a PNG.
pub fn size(png: &[u8]) -> (u32, u32) {
    let drawn = image::load_from_memory_with_format(png, ImageFormat::Png).unwrap();
    (drawn.width(), drawn.height())
}

/// A PNG of a few bytes that says it is of this size.
pub fn bomb(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = png(1, 1, 0);
    // PNG section 5.2 and 11.2.1: after the signature comes IHDR, with the size first, and its checksum.
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let checksum = crc32fast::hash(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&checksum.to_be_bytes());
    bytes
}

/// A PNG with a page behind it.
pub fn polyglot() -> Vec<u8> {
    let mut bytes = png(8, 8, 7);
    bytes.extend_from_slice(b"<!doctype html><script>alert(document.domain)</script>");
    bytes
}
